package dev.vivarium.engine;

/**
 * A bounds-checked little-endian view of a guest's linear memory: the only way to touch it.
 *
 * <p>Addresses are the guest's 32-bit pointers, passed as {@code int} and read as unsigned. Every
 * access checks {@code address + length} in 64-bit arithmetic and throws {@link
 * MemoryFaultException} before anything is read or written.
 */
public interface GuestMemory {

  /** The current size in bytes; a multiple of 65,536, and never shrinking. */
  long size();

  /** Whether the guest has asked for more memory than its limit, or than the host had. */
  boolean growthRefused();

  /**
   * Checks that a range is inside the memory.
   *
   * @param length the range's length in bytes, not negative
   * @throws MemoryFaultException if any byte of it is outside
   */
  void check(int address, long length);

  byte readByte(int address);

  short readShort(int address);

  int readInt(int address);

  long readLong(int address);

  void writeByte(int address, byte value);

  void writeShort(int address, short value);

  void writeInt(int address, int value);

  void writeLong(int address, long value);

  /** Copies {@code length} bytes of the guest to {@code target[offset..]}. */
  void read(int address, byte[] target, int offset, int length);

  /** Copies {@code source[offset..offset+length)} to the guest. */
  void write(int address, byte[] source, int offset, int length);

  /** Sets {@code length} bytes to {@code value}. */
  void fill(int address, int length, byte value);

  /**
   * Waits like {@code memory.atomic.wait32} and shares its queue with that instruction.
   *
   * @param timeoutNanos relative, negative for no limit
   * @return 0 woken, 1 the value differed, 2 timed out
   * @throws MemoryFaultException if the address is outside or unaligned
   */
  int atomicWait(int address, int expected, long timeoutNanos);

  /** Wakes at most {@code count} waiters at the address; returns how many. */
  int atomicNotify(int address, int count);
}
