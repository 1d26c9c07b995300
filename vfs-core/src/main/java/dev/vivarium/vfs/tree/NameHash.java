package dev.vivarium.vfs.tree;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * The hash of names: eight bytes at a time, multiplied with a key and folded (as wyhash by Wang Yi
 * does), under keys that each JVM draws, so that no guest can tell which names collide. The order
 * of names in the tries that it makes is never visible.
 */
public final class NameHash {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long START;
  private static final long STEP;
  private static final long END;

  static {
    var keys = ByteBuffer.wrap(random(3 * Long.BYTES));
    START = keys.getLong();
    STEP = keys.getLong() | 1;
    END = keys.getLong() | 1;
  }

  private NameHash() {}

  /**
   * Bytes of the system's source of entropy, which {@link SecureRandom} takes them from as well:
   * but that one loads a chain of providers first, which takes longer than to open a stored tree.
   */
  private static byte[] random(int count) {
    try (var source = new FileInputStream("/dev/urandom")) {
      byte[] bytes = source.readNBytes(count);
      if (bytes.length == count) {
        return bytes;
      }
    } catch (IOException e) {
      // A host that has none there.
    }
    var bytes = new byte[count];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /** The hash of some of the bytes of an array. */
  public static int of(byte[] bytes, int offset, int length) {
    long hash = START ^ length;
    int at = offset;
    int end = offset + length;
    for (; end - at > Long.BYTES; at += Long.BYTES) {
      hash = folded(hash ^ (long) LONG.get(bytes, at), STEP);
    }
    return Long.hashCode(folded(hash ^ last(bytes, at, end), END));
  }

  private static long folded(long a, long b) {
    return a * b ^ Math.multiplyHigh(a, b);
  }

  /** The last bytes, at most eight; read with what is around them, if there is enough. */
  private static long last(byte[] bytes, int from, int end) {
    int absent = Long.SIZE - (end - from) * Byte.SIZE;
    if (absent == Long.SIZE) {
      return 0;
    }
    if (end >= Long.BYTES) {
      return (long) LONG.get(bytes, end - Long.BYTES) >>> absent;
    }
    if (from + Long.BYTES <= bytes.length) {
      return (long) LONG.get(bytes, from) << absent >>> absent;
    }
    long last = 0;
    for (int i = end - 1; i >= from; i--) {
      last = last << Byte.SIZE | (bytes[i] & 0xFF);
    }
    return last;
  }
}
