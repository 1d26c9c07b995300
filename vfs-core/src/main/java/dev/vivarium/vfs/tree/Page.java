package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.ErrnoException;
import java.util.Arrays;

/** One page of a file's content; behind the end of its array it is zero. */
class Page {
  /** The unit of storage, and of what is charged. */
  static final int SIZE = 4096;

  static final byte[] NOTHING = {};
  private static final int FIRST_CAPACITY = 64;

  final long epoch;
  private byte[] data;

  Page(long epoch, byte[] data) {
    this.epoch = epoch;
    this.data = data;
  }

  /** A page of zeros. */
  static Page blank(long epoch) {
    return new Page(epoch, NOTHING);
  }

  /**
   * A copy of the first {@code length} bytes, with zeros behind them.
   *
   * @throws ErrnoException EIO if it is stored elsewhere, and cannot be read
   */
  static Page copyOf(Page original, int length, long epoch) throws ErrnoException {
    byte[] bytes = original.data();
    int kept = Math.min(length, bytes.length);
    return new Page(epoch, kept == 0 ? NOTHING : Arrays.copyOf(bytes, kept));
  }

  /** A full page. */
  static Page of(byte[] bytes, int offset, long epoch) {
    return new Page(epoch, Arrays.copyOfRange(bytes, offset, offset + SIZE));
  }

  /** The same page for another tree: shared, and so of an epoch in which neither changes it. */
  Page shared(long otherEpoch) {
    return new Page(otherEpoch, data);
  }

  /** What is not zero by itself; not to be changed. */
  byte[] data() throws ErrnoException {
    return data;
  }

  /**
   * Reads.
   *
   * @throws ErrnoException EIO if it is stored elsewhere, and cannot be read
   */
  void read(int from, byte[] target, int offset, int length) throws ErrnoException {
    int present = Math.max(0, Math.min(length, data.length - from));
    if (present > 0) {
      System.arraycopy(data, from, target, offset, present);
    }
    if (present < length) {
      Arrays.fill(target, offset + present, offset + length, (byte) 0);
    }
  }

  /**
   * Makes room for bytes up to {@code end}.
   *
   * @param alone whether this is all that the file has, so that it is worth growing step by step
   */
  void reserve(int end, boolean alone) {
    if (data.length < end) {
      int capacity = alone ? Math.max(FIRST_CAPACITY, Integer.highestOneBit(end - 1) << 1) : SIZE;
      data = Arrays.copyOf(data, capacity);
    }
  }

  /** Writes where there is {@linkplain #reserve room}. */
  void write(int to, byte[] source, int offset, int length) {
    System.arraycopy(source, offset, data, to, length);
  }

  /** Makes the bytes from {@code from} to {@code to} zero. */
  void clear(int from, int to) {
    int end = Math.min(to, data.length);
    if (from < end) {
      Arrays.fill(data, from, end, (byte) 0);
    }
  }

  /** Whether both have the same content; what cannot be read is like nothing else. */
  final boolean sameContent(Page other) {
    try {
      byte[] a = data();
      byte[] b = other.data();
      int common = Math.min(a.length, b.length);
      return Arrays.equals(a, 0, common, b, 0, common) && isZero(a, common) && isZero(b, common);
    } catch (ErrnoException e) {
      return false;
    }
  }

  /** Whether nothing was ever written to it. */
  boolean isUnwritten() {
    return data.length == 0;
  }

  /** Whether it is all zeros. */
  final boolean isBlank() {
    try {
      return isZero(data(), 0);
    } catch (ErrnoException e) {
      return false;
    }
  }

  private static boolean isZero(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
