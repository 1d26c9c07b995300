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
import dev.vivarium.engine.InstanceState;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The linear memory of every guest in this JVM: one class, so that the calls of compiled guests
 * stay monomorphic and inline.
 *
 * <p>Memory begins in one array, the head; a guest runs fastest there, because an access is a
 * comparison and the array's own bounds check. The head has some room to grow into, and when it is
 * full a larger one takes its place, so that all growth together copies a few times the memory's
 * final size. Where the host's heap is short, what is grown follows in pages of 64 KiB instead. The
 * head of a shared memory is never replaced, since other threads use it.
 *
 * <p>Ranges are checked in 64-bit arithmetic before anything is read or written. No memory has 2
 * GiB, so a negative address is beyond every memory's end; the array refuses it, and {@link Traps}
 * knows that exception.
 */
public final class LinearMemory extends AddressSpace implements Memory {
  static {
    // See there: the JVM has to know that there is another one.
    NoMemory.load();
  }

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

  /** A new head has room for this part of its size more. */
  private static final int RESERVE = 4;

  private final MemoryLimits limits;
  private final MemoryBudget budget;
  private final LongSupplier freeHeap;
  private byte[] head;

  /** The bytes of the head that are memory; what is behind them is there to grow into. */
  private int limit;

  /** Pages by their number; those within the head are null. */
  private final byte[][] pages;

  private final WaitQueue waiters = new WaitQueue();
  private final Object[] locks;
  private volatile int size;
  private DataSegment[] segments;

  /** Whether it began with what it contained in another instance. */
  private boolean restored;

  /**
   * Makes a memory of its initial size.
   *
   * @param limits what the module says
   * @param globals how many globals the module has
   * @throws OutOfMemoryError if the budget or the host's heap is too small for the initial size
   */
  LinearMemory(MemoryLimits limits, MemoryBudget budget, int globals) {
    this(limits, budget, globals, limits.initialPages(), 0, LinearMemory::freeHeap);
  }

  /**
   * As above.
   *
   * @param freeHeap how many bytes the host's heap has room for
   */
  LinearMemory(MemoryLimits limits, MemoryBudget budget, int globals, LongSupplier freeHeap) {
    this(limits, budget, globals, limits.initialPages(), 0, freeHeap);
  }

  /**
   * Makes a memory as it was in an instance of the same module, which data segments leave as it is.
   *
   * @throws OutOfMemoryError if the budget or the host's heap is too small for it
   */
  LinearMemory(MemoryLimits limits, MemoryBudget budget, InstanceState state) {
    this(
        limits,
        budget,
        state.globals(),
        state.pages(),
        state.pages() / RESERVE,
        LinearMemory::freeHeap);
    restored = true;
    var contents = state.memory();
    contents.get(head, 0, contents.remaining());
  }

  private LinearMemory(
      MemoryLimits limits,
      MemoryBudget budget,
      int globals,
      int initial,
      int reserve,
      LongSupplier freeHeap) {
    super(globals);
    this.limits = limits;
    this.budget = budget;
    this.freeHeap = freeHeap;
    this.pages = new byte[Math.min(limits.maximumPages(), budget.limit())][];
    this.locks = limits.shared() ? new Object[LOCKS] : new Object[1];
    Arrays.setAll(locks, i -> new Object());
    if (initial > pages.length || !budget.take(initial)) {
      throw new OutOfMemoryError("a guest's initial memory");
    }
    head = new byte[Math.min(pages.length, initial + reserve) << SHIFT];
    limit = initial << SHIFT;
    size = initial;
  }

  /** A copy of what it contains, up to the last byte that is not 0. */
  byte[] contents() {
    int end = (int) bytes();
    while (end > 0 && array(end - 1)[index(end - 1)] == 0) {
      end--;
    }
    var copy = new byte[end];
    copyOut(0, copy, 0, end);
    return copy;
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
    if (!growHead((int) wanted) && !addPages(old, (int) wanted)) {
      budget.give(delta);
      budget.refuse();
      return -1;
    }
    // A volatile write: a thread that sees the size sees the pages.
    size = (int) wanted;
    return old;
  }

  /** Puts all of the memory into the head, if the heap has room for that as it is. */
  private boolean growHead(int wanted) {
    if (shared()) {
      return false;
    }
    if (wanted > head.length >>> SHIFT) {
      int capacity = (int) Math.min(pages.length, wanted + (long) wanted / RESERVE);
      if ((long) capacity << SHIFT > freeHeap.getAsLong() / 2) {
        return false;
      }
      byte[] grown;
      try {
        grown = Arrays.copyOf(head, capacity << SHIFT);
      } catch (OutOfMemoryError e) {
        return false;
      }
      for (int i = limit >>> SHIFT; i < size; i++) {
        System.arraycopy(pages[i], 0, grown, i << SHIFT, PAGE_SIZE);
        pages[i] = null;
      }
      head = grown;
    } else if (limit >>> SHIFT < size) {
      return false;
    }
    limit = wanted << SHIFT;
    return true;
  }

  private static long freeHeap() {
    var runtime = Runtime.getRuntime();
    return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
  }

  private boolean addPages(int old, int wanted) {
    try {
      for (int i = old; i < wanted; i++) {
        pages[i] = new byte[PAGE_SIZE];
      }
      return true;
    } catch (OutOfMemoryError e) {
      Arrays.fill(pages, old, wanted, null);
      return false;
    }
  }

  /** How the engine's instance begins; what was restored stays. */
  @Override
  public void zero() {
    if (restored) {
      return;
    }
    Arrays.fill(head, 0, limit, (byte) 0);
    for (int i = limit >>> SHIFT; i < size; i++) {
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
      if (!restored
          && segment instanceof ActiveDataSegment active
          && active.index() == memoryIndex) {
        int offset =
            (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
        write(offset, active.data(), 0, active.data().length);
      }
    }
  }

  @Override
  public void initPassiveSegment(int segment, int target, int offset, int length) {
    // A restored memory has no segments: those of its module are used up, or empty.
    var data = restored ? PassiveDataSegment.EMPTY.data() : segments[segment].data();
    write(target, data, offset, length);
  }

  @Override
  public void drop(int segment) {
    if (!restored) {
      segments[segment] = PassiveDataSegment.EMPTY;
    }
  }

  /** The array that an address lies in. */
  private byte[] array(int address) {
    return address < limit ? head : pages[address >>> SHIFT];
  }

  /** The place of an address in its array. */
  private int index(int address) {
    return address < limit ? address : address & MASK;
  }

  /** How many bytes there are from an address up to the end of its array. */
  private int room(int address) {
    return address < limit ? limit - address : PAGE_SIZE - (address & MASK);
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
      int to = address + done;
      int chunk = Math.min(length - done, room(to));
      System.arraycopy(source, offset + done, array(to), index(to), chunk);
      done += chunk;
    }
  }

  /** Copies from a range that was checked. */
  void copyOut(int address, byte[] target, int offset, int length) {
    for (int done = 0; done < length; ) {
      int from = address + done;
      int chunk = Math.min(length - done, room(from));
      System.arraycopy(array(from), index(from), target, offset + done, chunk);
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
      int at = from + done;
      int chunk = Math.min(length - done, room(at));
      Arrays.fill(array(at), index(at), index(at) + chunk, value);
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
      int to = target + done;
      int from = source + done;
      int chunk = Math.min(length - done, Math.min(room(to), room(from)));
      System.arraycopy(array(from), index(from), array(to), index(to), chunk);
      done += chunk;
    }
  }

  private void copyFromEnd(int target, int source, int length) {
    for (int left = length; left > 0; ) {
      // No more than what the last array of each range holds of it.
      int to = index(target + left - 1) + 1;
      int from = index(source + left - 1) + 1;
      int chunk = Math.min(left, Math.min(to, from));
      left -= chunk;
      System.arraycopy(
          array(source + left),
          index(source + left),
          array(target + left),
          index(target + left),
          chunk);
    }
  }

  @Override
  public byte read(int address) {
    return address > limit - 1 ? (byte) readBeyond(address, 1) : head[address];
  }

  @Override
  public void writeByte(int address, byte value) {
    if (address > limit - 1) {
      writeBeyond(address, value, 1);
    } else {
      head[address] = value;
    }
  }

  @Override
  public short readShort(int address) {
    return address > limit - 2 ? (short) readBeyond(address, 2) : (short) SHORTS.get(head, address);
  }

  @Override
  public long readU16(int address) {
    return readShort(address) & 0xFFFF;
  }

  @Override
  public void writeShort(int address, short value) {
    if (address > limit - 2) {
      writeBeyond(address, value, 2);
    } else {
      SHORTS.set(head, address, value);
    }
  }

  @Override
  public int readInt(int address) {
    return address > limit - 4 ? (int) readBeyond(address, 4) : (int) INTS.get(head, address);
  }

  @Override
  public void writeI32(int address, int value) {
    if (address > limit - 4) {
      writeBeyond(address, value, 4);
    } else {
      INTS.set(head, address, value);
    }
  }

  @Override
  public long readLong(int address) {
    return address > limit - 8 ? readBeyond(address, 8) : (long) LONGS.get(head, address);
  }

  @Override
  public void writeLong(int address, long value) {
    if (address > limit - 8) {
      writeBeyond(address, value, 8);
    } else {
      LONGS.set(head, address, value);
    }
  }

  @Override
  public float readFloat(int address) {
    return address > limit - 4
        ? Float.intBitsToFloat((int) readBeyond(address, 4))
        : (float) FLOATS.get(head, address);
  }

  @Override
  public long readF32(int address) {
    return readInt(address);
  }

  @Override
  public void writeF32(int address, float value) {
    if (address > limit - 4) {
      writeBeyond(address, value);
    } else {
      FLOATS.set(head, address, value);
    }
  }

  @Override
  public double readDouble(int address) {
    return address > limit - 8 ? readDoubleBeyond(address) : (double) DOUBLES.get(head, address);
  }

  @Override
  public long readF64(int address) {
    return readLong(address);
  }

  @Override
  public void writeF64(int address, double value) {
    if (address > limit - 8) {
      writeBeyond(address, value);
    } else {
      DOUBLES.set(head, address, value);
    }
  }

  /** Reads a number that does not lie in the head, or not as a whole. */
  private long readBeyond(int address, int length) {
    check(address, length);
    int at = address & MASK;
    if (address >= limit && at <= PAGE_SIZE - length) {
      var page = pages[address >>> SHIFT];
      return switch (length) {
        case 1 -> page[at];
        case 2 -> (short) SHORTS.get(page, at);
        case 4 -> (int) INTS.get(page, at);
        default -> (long) LONGS.get(page, at);
      };
    }
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = (value << 8) | (array(address + i)[index(address + i)] & 0xFF);
    }
    return value;
  }

  private double readDoubleBeyond(int address) {
    return Double.longBitsToDouble(readBeyond(address, 8));
  }

  private void writeBeyond(int address, float value) {
    writeBeyond(address, Float.floatToRawIntBits(value), 4);
  }

  private void writeBeyond(int address, double value) {
    writeBeyond(address, Double.doubleToRawLongBits(value), 8);
  }

  private void writeBeyond(int address, long value, int length) {
    check(address, length);
    int at = address & MASK;
    if (address >= limit && at <= PAGE_SIZE - length) {
      var page = pages[address >>> SHIFT];
      switch (length) {
        case 1 -> page[at] = (byte) value;
        case 2 -> SHORTS.set(page, at, (short) value);
        case 4 -> INTS.set(page, at, (int) value);
        default -> LONGS.set(page, at, value);
      }
      return;
    }
    for (int i = 0; i < length; i++) {
      array(address + i)[index(address + i)] = (byte) (value >>> (8 * i));
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
