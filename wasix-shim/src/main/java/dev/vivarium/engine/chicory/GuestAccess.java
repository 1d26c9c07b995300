package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;

/**
 * What compiled guests call most. {@link ClassTuner} puts these methods in place of the engine's
 * own, whose names and parameters they have, so that operands stay in their order.
 *
 * <p>They are small enough for the JVM's first compiler to inline; the methods of {@link
 * LinearMemory} behind them are just too large for it, and only the second compiler spends its time
 * on them.
 */
public final class GuestAccess {
  private GuestAccess() {}

  /**
   * An address as the sum of two unsigned numbers; negative, and so beyond the end of any memory,
   * if one of them is 2^31 or more or the sum is.
   */
  private static int address(int base, int offset) {
    // The offset is a constant: nothing is left of what depends on it alone, and what depends on
    // the base alone is the same for all that lies at one.
    return offset == 0 ? base : (base + offset) | (base >> 31) | (offset >> 31);
  }

  public static byte memoryReadByte(int base, int offset, AddressSpace memory) {
    return memory.read(address(base, offset));
  }

  public static short memoryReadShort(int base, int offset, AddressSpace memory) {
    return memory.readShort(address(base, offset));
  }

  public static int memoryReadInt(int base, int offset, AddressSpace memory) {
    return memory.readInt(address(base, offset));
  }

  public static long memoryReadLong(int base, int offset, AddressSpace memory) {
    return memory.readLong(address(base, offset));
  }

  public static float memoryReadFloat(int base, int offset, AddressSpace memory) {
    return memory.readFloat(address(base, offset));
  }

  public static double memoryReadDouble(int base, int offset, AddressSpace memory) {
    return memory.readDouble(address(base, offset));
  }

  public static void memoryWriteByte(int base, byte value, int offset, AddressSpace memory) {
    memory.writeByte(address(base, offset), value);
  }

  public static void memoryWriteShort(int base, short value, int offset, AddressSpace memory) {
    memory.writeShort(address(base, offset), value);
  }

  public static void memoryWriteInt(int base, int value, int offset, AddressSpace memory) {
    memory.writeI32(address(base, offset), value);
  }

  public static void memoryWriteLong(int base, long value, int offset, AddressSpace memory) {
    memory.writeLong(address(base, offset), value);
  }

  public static void memoryWriteFloat(int base, float value, int offset, AddressSpace memory) {
    memory.writeF32(address(base, offset), value);
  }

  public static void memoryWriteDouble(int base, double value, int offset, AddressSpace memory) {
    memory.writeF64(address(base, offset), value);
  }

  /** Ends the guest if its thread was interrupted; leaves the flag. */
  public static void checkInterruption() {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
  }

  private static RuntimeException interrupted() {
    return new ChicoryInterruptedException("interrupted");
  }
}
