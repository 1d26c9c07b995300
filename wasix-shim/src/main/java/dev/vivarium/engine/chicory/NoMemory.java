package dev.vivarium.engine.chicory;

/** The address space of a module without a memory. See {@link AddressSpace} for why it is there. */
final class NoMemory extends AddressSpace {
  private NoMemory() {
    super(0);
  }

  /** Makes the JVM load this class. */
  static void load() {}

  @Override
  public byte read(int address) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public short readShort(int address) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public int readInt(int address) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public long readLong(int address) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public float readFloat(int address) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public double readDouble(int address) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public void writeByte(int address, byte value) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public void writeShort(int address, short value) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public void writeI32(int address, int value) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public void writeLong(int address, long value) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public void writeF32(int address, float value) {
    throw new IllegalStateException("a module without memory");
  }

  @Override
  public void writeF64(int address, double value) {
    throw new IllegalStateException("a module without memory");
  }
}
