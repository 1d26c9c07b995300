package dev.vivarium.wasi.call;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;

/**
 * A guest's list of buffers, checked to be in its memory, and how much of it has been filled or
 * emptied.
 */
final class IoVectors {
  /** {@code IOV_MAX} of Linux. */
  private static final int MAX = 1024;

  /** What Linux transfers at most in one call: {@code MAX_RW_COUNT}. */
  private static final long MAX_BYTES = 0x7FFF_F000L;

  private static final int STRIDE = 8;

  private final GuestMemory memory;
  private final int[] addresses;
  private final int[] lengths;
  private long left;
  private int current;
  private int used;

  private IoVectors(GuestMemory memory, int count) {
    this.memory = memory;
    this.addresses = new int[count];
    this.lengths = new int[count];
  }

  static IoVectors of(GuestMemory memory, int address, long count) throws ErrnoException {
    if (count > MAX) {
      throw Errno.EINVAL.exception();
    }
    memory.check(address, count * STRIDE);
    var vectors = new IoVectors(memory, (int) count);
    long total = 0;
    for (int i = 0; i < count; i++) {
      int at = address + i * STRIDE;
      vectors.addresses[i] = memory.readInt(at);
      long length = memory.readInt(at + 4) & 0xFFFF_FFFFL;
      memory.check(vectors.addresses[i], length);
      length = Math.min(length, MAX_BYTES - total);
      vectors.lengths[i] = (int) length;
      total += length;
    }
    vectors.left = total;
    return vectors;
  }

  /** The bytes that have not been transferred yet. */
  long left() {
    return left;
  }

  /**
   * Copies the next bytes of the guest to the beginning of {@code target}, and stays where it is.
   *
   * @return how many: all that are left, or as many as there is room
   */
  int gather(byte[] target) {
    int done = 0;
    int vector = current;
    int offset = used;
    while (vector < lengths.length && done < target.length) {
      int count = Math.min(lengths[vector] - offset, target.length - done);
      memory.read(addresses[vector] + offset, target, done, count);
      done += count;
      offset = 0;
      vector++;
    }
    return done;
  }

  /** Copies {@code count} bytes to the guest, and moves on behind them. */
  void scatter(byte[] source, int count) {
    int done = 0;
    while (done < count) {
      int next = Math.min(lengths[current] - used, count - done);
      memory.write(addresses[current] + used, source, done, next);
      done += next;
      advance(next);
    }
  }

  /** Moves on behind {@code count} bytes. */
  void skip(int count) {
    int done = 0;
    while (done < count) {
      int next = Math.min(lengths[current] - used, count - done);
      done += next;
      advance(next);
    }
  }

  private void advance(int count) {
    used += count;
    left -= count;
    if (used == lengths[current]) {
      current++;
      used = 0;
    }
  }
}
