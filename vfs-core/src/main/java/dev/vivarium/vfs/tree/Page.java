package dev.vivarium.vfs.tree;

import java.util.Arrays;

/** One page of a file's content; behind the end of its array it is zero. */
final class Page {
  /** The unit of storage, and of what is charged. */
  static final int SIZE = 4096;

  private static final byte[] NOTHING = {};
  private static final int FIRST_CAPACITY = 64;

  final long epoch;
  private byte[] data;

  private Page(long epoch, byte[] data) {
    this.epoch = epoch;
    this.data = data;
  }

  /** A page of zeros. */
  static Page blank(long epoch) {
    return new Page(epoch, NOTHING);
  }

  /** A copy of the first {@code length} bytes, with zeros behind them. */
  static Page copyOf(Page original, int length, long epoch) {
    int kept = Math.min(length, original.data.length);
    return new Page(epoch, kept == 0 ? NOTHING : Arrays.copyOf(original.data, kept));
  }

  /** A full page. */
  static Page of(byte[] bytes, int offset, long epoch) {
    return new Page(epoch, Arrays.copyOfRange(bytes, offset, offset + SIZE));
  }

  void read(int from, byte[] target, int offset, int length) {
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

  boolean sameContent(Page other) {
    byte[] a = data;
    byte[] b = other.data;
    int common = Math.min(a.length, b.length);
    return Arrays.equals(a, 0, common, b, 0, common) && isZero(a, common) && isZero(b, common);
  }

  /** Whether nothing was ever written to it. */
  boolean isUnwritten() {
    return data.length == 0;
  }

  boolean isBlank() {
    return isZero(data, 0);
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
