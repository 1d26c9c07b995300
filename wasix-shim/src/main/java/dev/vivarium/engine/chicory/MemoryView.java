package dev.vivarium.engine.chicory;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.MemoryFaultException;
import java.util.Objects;

/** The host's side of a {@link LinearMemory}; without one, a memory of no bytes. */
final class MemoryView implements GuestMemory {
  private final LinearMemory memory;

  MemoryView(LinearMemory memory) {
    this.memory = memory;
  }

  @Override
  public long size() {
    return memory == null ? 0 : memory.bytes();
  }

  @Override
  public boolean growthRefused() {
    return memory != null && memory.growthRefused();
  }

  @Override
  public void check(int address, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("a negative length");
    }
    // Written so that no sum can overflow, whatever the length.
    if (length > size() - Integer.toUnsignedLong(address)) {
      throw MemoryFaultException.INSTANCE;
    }
  }

  @Override
  public byte readByte(int address) {
    check(address, 1);
    return memory.read(address);
  }

  @Override
  public short readShort(int address) {
    check(address, 2);
    return memory.readShort(address);
  }

  @Override
  public int readInt(int address) {
    check(address, 4);
    return memory.readInt(address);
  }

  @Override
  public long readLong(int address) {
    check(address, 8);
    return memory.readLong(address);
  }

  @Override
  public void writeByte(int address, byte value) {
    check(address, 1);
    memory.writeByte(address, value);
  }

  @Override
  public void writeShort(int address, short value) {
    check(address, 2);
    memory.writeShort(address, value);
  }

  @Override
  public void writeInt(int address, int value) {
    check(address, 4);
    memory.writeI32(address, value);
  }

  @Override
  public void writeLong(int address, long value) {
    check(address, 8);
    memory.writeLong(address, value);
  }

  @Override
  public void read(int address, byte[] target, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, target.length);
    check(address, length);
    if (length > 0) {
      memory.copyOut(address, target, offset, length);
    }
  }

  @Override
  public void write(int address, byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    check(address, length);
    if (length > 0) {
      memory.copyIn(address, source, offset, length);
    }
  }

  @Override
  public void fill(int address, int length, byte value) {
    check(address, length);
    if (length > 0) {
      memory.fill(value, address, address + length);
    }
  }

  @Override
  public int atomicWait(int address, int expected, long timeoutNanos) {
    checkAligned(address);
    try {
      return memory.await(address, expected, timeoutNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GuestTrap(GuestTrap.Kind.INTERRUPTED, "interrupted while waiting");
    }
  }

  @Override
  public int atomicNotify(int address, int count) {
    checkAligned(address);
    return memory.notify(address, count);
  }

  private void checkAligned(int address) {
    check(address, 4);
    if ((address & 3) != 0) {
      throw MemoryFaultException.INSTANCE;
    }
  }
}
