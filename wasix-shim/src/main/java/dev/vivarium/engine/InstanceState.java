package dev.vivarium.engine;

import java.io.DataOutput;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * All that an instance of a module is, while none of its functions is active: what other instances
 * of the same module, prepared by the same engine, can go on from. Immutable; its memory is shared
 * with nobody.
 */
public final class InstanceState {
  private final ByteBuffer memory;
  private final int pages;
  private final long[] globals;
  private final int[][] tables;

  /**
   * A state.
   *
   * @param memory the contents of memory 0 up to its last byte that is not 0; not copied
   * @param pages its size, in pages of 64 KiB
   * @param globals the values of all globals
   * @param tables the function indices in all tables, -1 for null
   */
  public InstanceState(ByteBuffer memory, int pages, long[] globals, int[][] tables) {
    this.memory = memory.asReadOnlyBuffer();
    this.pages = pages;
    this.globals = globals.clone();
    this.tables = new int[tables.length][];
    for (int i = 0; i < tables.length; i++) {
      this.tables[i] = tables[i].clone();
    }
  }

  /** The contents of memory 0, which has zeros beyond them. */
  public ByteBuffer memory() {
    return memory.duplicate().rewind();
  }

  /** The size of memory 0, in pages of 64 KiB. */
  public int pages() {
    return pages;
  }

  /** The size of memory 0, in bytes. */
  public long memoryBytes() {
    return (long) pages << 16;
  }

  /** The number of globals. */
  public int globals() {
    return globals.length;
  }

  /** The value of a global, in the encoding of {@link HostImport.Handler#call}. */
  public long global(int index) {
    return globals[index];
  }

  /** The number of tables. */
  public int tables() {
    return tables.length;
  }

  /** A copy of a table's function indices, -1 for null. */
  public int[] table(int index) {
    return tables[index].clone();
  }

  /** Writes what {@link #read} understands. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(pages);
    out.writeInt(globals.length);
    for (long global : globals) {
      out.writeLong(global);
    }
    out.writeInt(tables.length);
    for (var table : tables) {
      out.writeInt(table.length);
      for (int function : table) {
        out.writeInt(function);
      }
    }
    out.writeInt(memory.capacity());
    var chunk = new byte[1 << 16];
    for (var rest = memory(); rest.hasRemaining(); ) {
      int length = Math.min(chunk.length, rest.remaining());
      rest.get(chunk, 0, length);
      out.write(chunk, 0, length);
    }
  }

  /**
   * Reads a state, whose memory stays where it is.
   *
   * @param in big-endian; positioned behind the state afterwards
   * @throws IOException if this is no state
   */
  public static InstanceState read(ByteBuffer in) throws IOException {
    try {
      int pages = in.getInt();
      var globals = new long[count(in, Long.BYTES)];
      in.asLongBuffer().get(globals);
      in.position(in.position() + globals.length * Long.BYTES);
      var tables = new int[count(in, Integer.BYTES)][];
      for (int i = 0; i < tables.length; i++) {
        tables[i] = new int[count(in, Integer.BYTES)];
        in.asIntBuffer().get(tables[i]);
        in.position(in.position() + tables[i].length * Integer.BYTES);
      }
      int length = count(in, 1);
      var memory = in.slice(in.position(), length);
      in.position(in.position() + length);
      return new InstanceState(memory, pages, globals, tables);
    } catch (BufferUnderflowException e) {
      throw new IOException("the state of an instance is cut short", e);
    }
  }

  /** A number of items of so many bytes at least, which are there. */
  private static int count(ByteBuffer in, int bytes) throws IOException {
    int count = in.getInt();
    if (count < 0 || (long) count * bytes > in.remaining()) {
      throw new IOException("the state of an instance is damaged");
    }
    return count;
  }
}
