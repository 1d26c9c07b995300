package dev.vivarium.wasi;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.MemoryFaultException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A guest's memory that is an array. Waits like a memory that nobody else touches. */
public final class ByteMemory implements GuestMemory {
  private final byte[] bytes;
  private final ByteBuffer view;

  public ByteMemory(int size) {
    bytes = new byte[size];
    view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Writes UTF-8 text; returns its length. */
  public int writeText(int address, String text) {
    var utf8 = text.getBytes(StandardCharsets.UTF_8);
    write(address, utf8, 0, utf8.length);
    return utf8.length;
  }

  public String text(int address, int length) {
    check(address, length);
    return new String(bytes, address, length, StandardCharsets.UTF_8);
  }

  public byte[] copy(int address, int length) {
    check(address, length);
    return Arrays.copyOfRange(bytes, address, address + length);
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public boolean growthRefused() {
    return false;
  }

  @Override
  public void check(int address, long length) {
    if (Integer.toUnsignedLong(address) + length > bytes.length) {
      throw MemoryFaultException.INSTANCE;
    }
  }

  @Override
  public byte readByte(int address) {
    check(address, 1);
    return view.get(address);
  }

  @Override
  public short readShort(int address) {
    check(address, 2);
    return view.getShort(address);
  }

  @Override
  public int readInt(int address) {
    check(address, 4);
    return view.getInt(address);
  }

  @Override
  public long readLong(int address) {
    check(address, 8);
    return view.getLong(address);
  }

  @Override
  public void writeByte(int address, byte value) {
    check(address, 1);
    view.put(address, value);
  }

  @Override
  public void writeShort(int address, short value) {
    check(address, 2);
    view.putShort(address, value);
  }

  @Override
  public void writeInt(int address, int value) {
    check(address, 4);
    view.putInt(address, value);
  }

  @Override
  public void writeLong(int address, long value) {
    check(address, 8);
    view.putLong(address, value);
  }

  @Override
  public void read(int address, byte[] target, int offset, int length) {
    check(address, length);
    System.arraycopy(bytes, address, target, offset, length);
  }

  @Override
  public void write(int address, byte[] source, int offset, int length) {
    check(address, length);
    System.arraycopy(source, offset, bytes, address, length);
  }

  @Override
  public void fill(int address, int length, byte value) {
    check(address, length);
    Arrays.fill(bytes, address, address + length, value);
  }

  @Override
  public int atomicWait(int address, int expected, long timeoutNanos) {
    if ((address & 3) != 0) {
      throw MemoryFaultException.INSTANCE;
    }
    if (readInt(address) != expected) {
      return 1;
    }
    if (timeoutNanos < 0) {
      throw new GuestTrap(GuestTrap.Kind.INTERRUPTED, "would wait for ever");
    }
    return 2;
  }

  @Override
  public int atomicNotify(int address, int count) {
    check(address, 4);
    return 0;
  }
}
