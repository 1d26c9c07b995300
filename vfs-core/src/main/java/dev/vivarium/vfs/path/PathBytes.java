package dev.vivarium.vfs.path;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Looks for bytes in paths, eight at a time. */
final class PathBytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  // What the platform's own comparison of arrays is not worth its start for.
  private static final int SHORT = 32;
  private static final long LOW_BITS = 0x0101010101010101L;
  private static final long LOWER_BITS = LOW_BITS * 0x7F;

  private PathBytes() {}

  /** The first place from {@code from} on that has a byte, or the end. */
  static int indexOf(byte wanted, byte[] text, int from) {
    int i = from;
    for (; i + Long.BYTES <= text.length; i += Long.BYTES) {
      long found = equal(wanted, (long) LONG.get(text, i));
      if (found != 0) {
        return i + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (i < text.length && text[i] != wanted) {
      i++;
    }
    return i;
  }

  /** What lies behind the last place that has a byte; 0 if there is none. */
  static int endOfLast(byte wanted, byte[] text) {
    int i = text.length;
    for (; i >= Long.BYTES; i -= Long.BYTES) {
      long found = equal(wanted, (long) LONG.get(text, i - Long.BYTES));
      if (found != 0) {
        return i - (Long.numberOfLeadingZeros(found) >>> 3);
      }
    }
    while (i > 0 && text[i - 1] != wanted) {
      i--;
    }
    return i;
  }

  /** The highest bit of each byte that is the wanted one. */
  private static long equal(byte wanted, long bytes) {
    long zeros = bytes ^ LOW_BITS * (wanted & 0xFF);
    return ~(((zeros & LOWER_BITS) + LOWER_BITS) | zeros | LOWER_BITS);
  }

  /** Whether a path, which is no shorter than that, begins with other bytes. */
  static boolean startsWith(byte[] path, byte[] beginning) {
    if (beginning.length > SHORT) {
      return Arrays.equals(path, 0, beginning.length, beginning, 0, beginning.length);
    }
    int i = 0;
    for (; i + Long.BYTES <= beginning.length; i += Long.BYTES) {
      if ((long) LONG.get(path, i) != (long) LONG.get(beginning, i)) {
        return false;
      }
    }
    while (i < beginning.length && path[i] == beginning[i]) {
      i++;
    }
    return i == beginning.length;
  }
}
