package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.FileType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** One name in a directory. Immutable. */
public final class Entry {
  private static final FileType[] TYPES = FileType.values();
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final byte[] name;
  private final int hash;
  private final byte type;
  private final long ino;
  private final long cookie;

  Entry(byte[] name, int hash, FileType type, long ino, long cookie) {
    this.name = name;
    this.hash = hash;
    this.type = (byte) type.ordinal();
    this.ino = ino;
    this.cookie = cookie;
  }

  /** The entry of a name, whose bytes must not change any more. */
  public static Entry of(byte[] name, FileType type, long ino, long cookie) {
    return new Entry(name, NameHash.of(name, 0, name.length), type, ino, cookie);
  }

  /** The bytes; not to be changed. */
  public byte[] name() {
    return name;
  }

  public FileType type() {
    return TYPES[type];
  }

  public long ino() {
    return ino;
  }

  /** Its place in the directory's order. */
  public long cookie() {
    return cookie;
  }

  int hash() {
    return hash;
  }

  boolean isNamed(byte[] path, int offset, int length) {
    if (name.length != length) {
      return false;
    }
    int i = 0;
    for (; i + Long.BYTES <= length; i += Long.BYTES) {
      if ((long) LONG.get(name, i) != (long) LONG.get(path, offset + i)) {
        return false;
      }
    }
    while (i < length && name[i] == path[offset + i]) {
      i++;
    }
    return i == length;
  }
}
