package dev.vivarium.vfs.open;

import java.util.Arrays;

/**
 * A page of a pipe, and what of it has been written and not read: as on Linux, where a short write
 * takes a page of its own unless it fits behind the one before. Guarded by the lock of the pipe
 * that it is in.
 */
final class PipePage {
  static final int SIZE = 4096;

  private static final int FIRST_CAPACITY = 64;

  private final boolean extensible;
  private byte[] bytes;
  private int start;
  private int end;

  private PipePage(byte[] bytes, int start, int end, boolean extensible) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.extensible = extensible;
  }

  /** A page of what is written, which more can be written behind. */
  static PipePage written(byte[] source, int offset, int length) {
    var bytes = new byte[Math.max(length, FIRST_CAPACITY)];
    System.arraycopy(source, offset, bytes, 0, length);
    return new PipePage(bytes, 0, length, true);
  }

  /** A page of a file, which holds no more than that, from {@code start} on. */
  static PipePage ofFile(byte[] source, int offset, int length, int start) {
    var bytes = new byte[start + length];
    System.arraycopy(source, offset, bytes, start, length);
    return new PipePage(bytes, start, start + length, false);
  }

  int count() {
    return end - start;
  }

  /** Writes behind what is there, if all of it fits on the page. */
  boolean append(byte[] source, int offset, int length) {
    if (!extensible || end + length > SIZE) {
      return false;
    }
    if (end + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(SIZE, Math.max(end + length, 2 * bytes.length)));
    }
    System.arraycopy(source, offset, bytes, end, length);
    end += length;
    return true;
  }

  /** Copies what is there, as much as is wanted, and leaves it there. */
  int copyTo(byte[] target, int offset, int wanted) {
    int count = Math.min(wanted, count());
    System.arraycopy(bytes, start, target, offset, count);
    return count;
  }

  /** Has been read as far as that. */
  void skip(int count) {
    start += count;
  }

  /** Takes the first bytes away as a page that nothing is written behind. */
  PipePage split(int length) {
    var first = new PipePage(bytes, start, start + length, false);
    start += length;
    return first;
  }

  /** Undoes a {@link #split}, if {@code first} was this page's. */
  boolean join(PipePage first) {
    boolean joins = first.bytes == bytes && first.end == start;
    if (joins) {
      start = first.start;
    }
    return joins;
  }
}
