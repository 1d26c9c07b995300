package dev.vivarium.engine.chicory;

/**
 * What compiled guests read and write: the bytes of their first memory and their numeric globals.
 *
 * <p>This is an abstract class with two implementations because of how HotSpot compiles. An access
 * through a {@link java.lang.invoke.VarHandle} is a dozen small methods, all of which the first
 * compiler would inline into every access of every function that a guest calls twice, and most of a
 * short run would be spent on that. It does not inline calls that could go to either of two
 * classes. The second compiler sees in its profile that they all go to one, and inlines methods of
 * up to 35 bytes wherever they are called: those of {@link LinearMemory} are that small.
 */
public abstract class AddressSpace {
  /**
   * The numeric globals of the instance that this is the first memory of. They are here because
   * compiled functions are handed no other object of ours; {@link ClassTuner} makes them access the
   * array without a call.
   */
  public final long[] globals;

  AddressSpace(int globals) {
    this.globals = new long[globals];
  }

  public abstract byte read(int address);

  public abstract short readShort(int address);

  public abstract int readInt(int address);

  public abstract long readLong(int address);

  public abstract float readFloat(int address);

  public abstract double readDouble(int address);

  public abstract void writeByte(int address, byte value);

  public abstract void writeShort(int address, short value);

  public abstract void writeI32(int address, int value);

  public abstract void writeLong(int address, long value);

  public abstract void writeF32(int address, float value);

  public abstract void writeF64(int address, double value);
}
