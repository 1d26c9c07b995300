package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.ConstantEvaluators;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.Memory;
import com.dylibso.chicory.runtime.TrapException;
import com.dylibso.chicory.runtime.WasmRuntimeException;
import com.dylibso.chicory.wasm.types.ActiveDataSegment;
import com.dylibso.chicory.wasm.types.DataSegment;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import com.dylibso.chicory.wasm.types.PassiveDataSegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * The linear memory of every guest in this JVM: one class, so that the calls of compiled guests
 * stay monomorphic and inline.
 *
 * <p>Pages are arrays of 64 KiB that never move, so that growth copies nothing. An access relies on
 * the array's own bounds: an address beyond the pages there are meets a missing page or index and
 * ends as a trap. Ranges are checked in 64-bit arithmetic before anything is read or written.
 */
final class LinearMemory implements Memory {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int SHIFT = 16;
  private static final int MASK = PAGE_SIZE - 1;

  /** Atomic accesses take turns by 8-byte cell; more than one cell may share a lock. */
  private static final int LOCKS = 64;

  private final MemoryLimits limits;
  private final MemoryBudget budget;
  private final byte[][] pages;
  private final WaitQueue waiters = new WaitQueue();
  private final Object[] locks;
  private volatile int size;
  private DataSegment[] segments;

  /**
   * Makes a memory of its initial size.
   *
   * @param limits what the module says
   * @throws OutOfMemoryError if the budget or the host's heap is too small for the initial size
   */
  LinearMemory(MemoryLimits limits, MemoryBudget budget) {
    this.limits = limits;
    this.budget = budget;
    this.pages = new byte[Math.min(limits.maximumPages(), budget.limit())][];
    this.locks = limits.shared() ? new Object[LOCKS] : new Object[1];
    Arrays.setAll(locks, i -> new Object());
    if (grow(limits.initialPages()) < 0) {
      throw new OutOfMemoryError("a guest's initial memory");
    }
  }

  /** The size in bytes. */
  long bytes() {
    return (long) size << SHIFT;
  }

  boolean growthRefused() {
    return budget.refused();
  }

  @Override
  public int pages() {
    return size;
  }

  @Override
  public int initialPages() {
    return limits.initialPages();
  }

  @Override
  public int maximumPages() {
    return pages.length;
  }

  @Override
  public boolean shared() {
    return limits.shared();
  }

  @Override
  public synchronized int grow(int delta) {
    int old = size;
    long wanted = old + Integer.toUnsignedLong(delta);
    if (wanted > limits.maximumPages()) {
      return -1;
    }
    if (wanted > pages.length || !budget.take(delta)) {
      budget.refuse();
      return -1;
    }
    try {
      for (int i = old; i < wanted; i++) {
        pages[i] = new byte[PAGE_SIZE];
      }
    } catch (OutOfMemoryError e) {
      Arrays.fill(pages, old, (int) wanted, null);
      budget.give(delta);
      budget.refuse();
      return -1;
    }
    // A volatile write: a thread that sees the size sees the pages.
    size = (int) wanted;
    return old;
  }

  @Override
  public void zero() {
    for (int i = 0; i < size; i++) {
      Arrays.fill(pages[i], (byte) 0);
    }
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments) {
    initialize(instance, dataSegments, 0);
  }

  @Override
  public void initialize(Instance instance, DataSegment[] dataSegments, int memoryIndex) {
    segments = dataSegments;
    for (var segment : dataSegments) {
      if (segment instanceof ActiveDataSegment active && active.index() == memoryIndex) {
        int offset =
            (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
        write(offset, active.data(), 0, active.data().length);
      }
    }
  }

  @Override
  public void initPassiveSegment(int segment, int target, int offset, int length) {
    write(target, segments[segment].data(), offset, length);
  }

  @Override
  public void drop(int segment) {
    segments[segment] = PassiveDataSegment.EMPTY;
  }

  private byte[] page(int address) {
    return pages[address >>> SHIFT];
  }

  private WasmRuntimeException outOfBounds(int address, long length) {
    return new WasmRuntimeException(
        "out of bounds memory access: "
            + length
            + " bytes at "
            + Integer.toUnsignedLong(address)
            + " in a memory of "
            + bytes());
  }

  private void check(int address, long length) {
    if (Integer.toUnsignedLong(address) + length > bytes()) {
      throw outOfBounds(address, length);
    }
  }

  @Override
  public void write(int address, byte[] data, int offset, int length) {
    long count = Integer.toUnsignedLong(length);
    if (Integer.toUnsignedLong(offset) + count > data.length) {
      throw outOfBounds(offset, count);
    }
    check(address, count);
    copyIn(address, data, offset, length);
  }

  /** Copies to a range that was checked. */
  void copyIn(int address, byte[] source, int offset, int length) {
    for (int done = 0; done < length; ) {
      int at = (address + done) & MASK;
      int chunk = Math.min(length - done, PAGE_SIZE - at);
      System.arraycopy(source, offset + done, page(address + done), at, chunk);
      done += chunk;
    }
  }

  /** Copies from a range that was checked. */
  void copyOut(int address, byte[] target, int offset, int length) {
    for (int done = 0; done < length; ) {
      int at = (address + done) & MASK;
      int chunk = Math.min(length - done, PAGE_SIZE - at);
      System.arraycopy(page(address + done), at, target, offset + done, chunk);
      done += chunk;
    }
  }

  @Override
  public byte[] readBytes(int address, int length) {
    check(address, Integer.toUnsignedLong(length));
    var bytes = new byte[length];
    copyOut(address, bytes, 0, length);
    return bytes;
  }

  @Override
  public void fill(byte value, int from, int to) {
    // The caller has added the length to the start and let it wrap; the difference restores it.
    int length = to - from;
    check(from, Integer.toUnsignedLong(length));
    for (int done = 0; done < length; ) {
      int at = (from + done) & MASK;
      int chunk = Math.min(length - done, PAGE_SIZE - at);
      Arrays.fill(page(from + done), at, at + chunk, value);
      done += chunk;
    }
  }

  @Override
  public void copy(int target, int source, int length) {
    check(target, Integer.toUnsignedLong(length));
    check(source, Integer.toUnsignedLong(length));
    if (target > source && target - source < length) {
      copyFromEnd(target, source, length);
    } else {
      copyFromStart(target, source, length);
    }
  }

  private void copyFromStart(int target, int source, int length) {
    for (int done = 0; done < length; ) {
      int to = (target + done) & MASK;
      int from = (source + done) & MASK;
      int chunk = Math.min(length - done, PAGE_SIZE - Math.max(to, from));
      System.arraycopy(page(source + done), from, page(target + done), to, chunk);
      done += chunk;
    }
  }

  private void copyFromEnd(int target, int source, int length) {
    for (int left = length; left > 0; ) {
      // Bytes up to the end of the last page that each range touches; a full page if at its end.
      int to = ((target + left - 1) & MASK) + 1;
      int from = ((source + left - 1) & MASK) + 1;
      int chunk = Math.min(left, Math.min(to, from));
      left -= chunk;
      System.arraycopy(
          page(source + left),
          (source + left) & MASK,
          page(target + left),
          (target + left) & MASK,
          chunk);
    }
  }

  @Override
  public byte read(int address) {
    try {
      return page(address)[address & MASK];
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 1);
    }
  }

  @Override
  public void writeByte(int address, byte value) {
    try {
      page(address)[address & MASK] = value;
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 1);
    }
  }

  @Override
  public short readShort(int address) {
    int at = address & MASK;
    if (at > PAGE_SIZE - 2) {
      return (short) readAcross(address, 2);
    }
    try {
      return (short) SHORTS.get(page(address), at);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 2);
    }
  }

  @Override
  public long readU16(int address) {
    return readShort(address) & 0xFFFF;
  }

  @Override
  public void writeShort(int address, short value) {
    int at = address & MASK;
    if (at > PAGE_SIZE - 2) {
      writeAcross(address, value, 2);
      return;
    }
    try {
      SHORTS.set(page(address), at, value);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 2);
    }
  }

  @Override
  public int readInt(int address) {
    int at = address & MASK;
    if (at > PAGE_SIZE - 4) {
      return (int) readAcross(address, 4);
    }
    try {
      return (int) INTS.get(page(address), at);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 4);
    }
  }

  @Override
  public void writeI32(int address, int value) {
    int at = address & MASK;
    if (at > PAGE_SIZE - 4) {
      writeAcross(address, value, 4);
      return;
    }
    try {
      INTS.set(page(address), at, value);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 4);
    }
  }

  @Override
  public long readLong(int address) {
    int at = address & MASK;
    if (at > PAGE_SIZE - 8) {
      return readAcross(address, 8);
    }
    try {
      return (long) LONGS.get(page(address), at);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 8);
    }
  }

  @Override
  public void writeLong(int address, long value) {
    int at = address & MASK;
    if (at > PAGE_SIZE - 8) {
      writeAcross(address, value, 8);
      return;
    }
    try {
      LONGS.set(page(address), at, value);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 8);
    }
  }

  @Override
  public float readFloat(int address) {
    int at = address & MASK;
    if (at > PAGE_SIZE - 4) {
      return Float.intBitsToFloat((int) readAcross(address, 4));
    }
    try {
      return (float) FLOATS.get(page(address), at);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 4);
    }
  }

  @Override
  public long readF32(int address) {
    return readInt(address);
  }

  @Override
  public void writeF32(int address, float value) {
    int at = address & MASK;
    if (at > PAGE_SIZE - 4) {
      writeAcross(address, Float.floatToRawIntBits(value), 4);
      return;
    }
    try {
      FLOATS.set(page(address), at, value);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 4);
    }
  }

  @Override
  public double readDouble(int address) {
    int at = address & MASK;
    if (at > PAGE_SIZE - 8) {
      return Double.longBitsToDouble(readAcross(address, 8));
    }
    try {
      return (double) DOUBLES.get(page(address), at);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 8);
    }
  }

  @Override
  public long readF64(int address) {
    return readLong(address);
  }

  @Override
  public void writeF64(int address, double value) {
    int at = address & MASK;
    if (at > PAGE_SIZE - 8) {
      writeAcross(address, Double.doubleToRawLongBits(value), 8);
      return;
    }
    try {
      DOUBLES.set(page(address), at, value);
    } catch (IndexOutOfBoundsException | NullPointerException e) {
      throw outOfBounds(address, 8);
    }
  }

  /** Reads a number that lies on two pages. */
  private long readAcross(int address, int length) {
    check(address, length);
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = (value << 8) | (page(address + i)[(address + i) & MASK] & 0xFF);
    }
    return value;
  }

  private void writeAcross(int address, long value, int length) {
    check(address, length);
    for (int i = 0; i < length; i++) {
      page(address + i)[(address + i) & MASK] = (byte) (value >>> (8 * i));
    }
  }

  /** The lock that all atomic accesses to a cell take: the interface's defaults are built on it. */
  @Override
  @SuppressWarnings("removal")
  public Object lock(int address) {
    return locks[(address >>> 3) & (locks.length - 1)];
  }

  @Override
  public void atomicFence() {
    VarHandle.fullFence();
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, int expected, long timeoutNanos) {
    requireShared();
    return park(address, () -> atomicReadInt(address) == expected, timeoutNanos);
  }

  @Override
  @SuppressWarnings("removal")
  public int waitOn(int address, long expected, long timeoutNanos) {
    requireShared();
    return park(address, () -> atomicReadLong(address) == expected, timeoutNanos);
  }

  private void requireShared() {
    if (!shared()) {
      throw new TrapException("expected shared memory");
    }
  }

  private int park(int address, BooleanSupplier holds, long timeoutNanos) {
    try {
      return waiters.await(address, holds, timeoutNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChicoryInterruptedException("interrupted while waiting");
    }
  }

  @Override
  @SuppressWarnings("removal")
  public int notify(int address, int count) {
    check(address, 4);
    return waiters.wake(address, count);
  }

  /** Waits as the instruction does, but in a memory of one thread too. */
  int await(int address, int expected, long timeoutNanos) throws InterruptedException {
    return waiters.await(address, () -> atomicReadInt(address) == expected, timeoutNanos);
  }
}
