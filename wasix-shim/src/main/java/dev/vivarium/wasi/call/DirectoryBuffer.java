package dev.vivarium.wasi.call;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.wasi.abi.WasiFileType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A guest's buffer for directory entries. The last entry is cut off where the buffer ends: a buffer
 * that is full tells the guest that there is more.
 */
final class DirectoryBuffer implements DirectoryVisitor {
  private static final int HEADER = 24;

  private final GuestMemory memory;
  private final int address;
  private final long capacity;
  private final ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
  private long used;

  DirectoryBuffer(GuestMemory memory, int address, long capacity) {
    this.memory = memory;
    this.address = address;
    this.capacity = capacity;
  }

  @Override
  public boolean entry(long cookie, long ino, FileType type, byte[] name) {
    header.clear();
    header.putLong(cookie).putLong(ino).putInt(name.length).putInt(WasiFileType.of(type));
    append(header.array());
    append(name);
    return used < capacity;
  }

  private void append(byte[] bytes) {
    int count = (int) Math.min(bytes.length, capacity - used);
    memory.write(address + (int) used, bytes, 0, count);
    used += count;
  }

  long used() {
    return used;
  }
}
