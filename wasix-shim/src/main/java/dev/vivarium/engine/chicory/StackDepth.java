package dev.vivarium.engine.chicory;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Where a thread's stack is at this moment: an address that falls with each call.
 *
 * <p>Java has no such measure. But a HotSpot that locks objects by their header, as all do by
 * default up to JDK 22, writes the address of the lock record into the header of a locked object,
 * and that record lies in the frame that holds the lock. Reading a header takes {@code
 * sun.misc.Unsafe}, for a few nanoseconds. Whether all of this is so is tried out when the class is
 * initialised; where it is not, the measure is unknown, and nothing depends on it but time.
 */
final class StackDepth {
  /** What a measurement is worth where there is none. */
  static final long UNKNOWN = 0;

  /** The last JDK on which the default way of locking is the one described, without a warning. */
  private static final int LAST_FEATURE = 22;

  /** What the frame of a small method never is. */
  private static final int LARGEST_FRAME = 1 << 12;

  /** {@code long getLong(Object, long)}, or null. */
  private static final MethodHandle HEADER = header();

  /** {@code boolean Thread.isVirtual()}, or null on a JDK that has no such threads. */
  private static final MethodHandle IS_VIRTUAL = isVirtual();

  private static final boolean KNOWN = HEADER != null && falls();

  /** An object that only the measuring thread ever locks, or null. */
  private final Object lock;

  private StackDepth(Object lock) {
    this.lock = lock;
  }

  /** A measure for use by one thread at a time. */
  static StackDepth measured() {
    return new StackDepth(KNOWN ? new Object() : null);
  }

  /** A measure that never knows. */
  static StackDepth unknown() {
    return new StackDepth(null);
  }

  /** An address in or near the frame of the caller, or {@link #UNKNOWN}. */
  long measure() {
    return lock == null ? UNKNOWN : read(lock);
  }

  private static long read(Object lock) {
    long header;
    synchronized (lock) {
      try {
        header = (long) HEADER.invokeExact(lock, 0L);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }
    // Anything else in these bits means that the header is no address of a lock record.
    return (header & 7) == 0 ? header : UNKNOWN;
  }

  /** Whether a thread may run at other addresses after it was blocked, as virtual threads do. */
  static boolean moves(Thread thread) {
    try {
      return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(thread);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static MethodHandle isVirtual() {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  private static MethodHandle header() {
    if (Runtime.version().feature() > LAST_FEATURE) {
      return null;
    }
    try {
      var type = Class.forName("sun.misc.Unsafe");
      var field = type.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      return MethodHandles.lookup()
          .findVirtual(type, "getLong", MethodType.methodType(long.class, Object.class, long.class))
          .bindTo(field.get(null));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  /** Whether what is read falls by a plausible amount with each call. */
  private static boolean falls() {
    // So few calls that none of them is compiled, which would change the sizes of frames.
    return falls(new Object(), Long.MAX_VALUE, 16);
  }

  private static boolean falls(Object lock, long last, int calls) {
    long here = read(lock);
    boolean fallen = here != UNKNOWN && here < last;
    boolean plausible = last == Long.MAX_VALUE || last - here < LARGEST_FRAME;
    return fallen && plausible && (calls == 0 || falls(lock, here, calls - 1));
  }
}
