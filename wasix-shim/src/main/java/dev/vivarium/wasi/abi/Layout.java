package dev.vivarium.wasi.abi;

import dev.vivarium.engine.GuestMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A struct in a guest's memory: fields in order, each aligned to its own size as C does it. */
public final class Layout {

  /** One field at its offset. */
  public record Field(String name, Kind kind, int offset) {}

  private final String name;
  private final List<Field> fields;
  private final int size;

  private Layout(String name, List<Field> fields, int size) {
    this.name = name;
    this.fields = List.copyOf(fields);
    this.size = size;
  }

  /** A single value. */
  public static Layout of(Kind kind) {
    var field = new Field("", kind, 0);
    return new Layout(kind.name().toLowerCase(Locale.ROOT), List.of(field), kind.width());
  }

  static Builder struct(String name) {
    return new Builder(name);
  }

  /** The type's name, as the specification has it. */
  public String name() {
    return name;
  }

  public List<Field> fields() {
    return fields;
  }

  /** The size in bytes, padding at the end included. */
  public int size() {
    return size;
  }

  /** Whether this is a single value rather than a struct. */
  public boolean isScalar() {
    return fields.size() == 1 && fields.get(0).name().isEmpty();
  }

  /** The field of a name. */
  public Field field(String name) {
    for (var field : fields) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    throw new IllegalArgumentException("no field " + name);
  }

  /** Reads one field of a struct at an address. */
  public long read(GuestMemory memory, int address, int index) {
    var field = fields.get(index);
    return field.kind().read(memory, address + field.offset());
  }

  /**
   * Writes the struct, padding included, from the values of its fields in order.
   *
   * @param from the index in {@code values} of the first field's value
   * @return the index behind the last field's value
   */
  public int write(GuestMemory memory, int address, long[] values, int from) {
    if (fields.size() > 1) {
      memory.fill(address, size, (byte) 0);
    }
    int next = from;
    for (var field : fields) {
      field.kind().write(memory, address + field.offset(), values[next++]);
    }
    return next;
  }

  /** Lays fields out one behind the other. */
  static final class Builder {
    private final String name;
    private final List<Field> fields = new ArrayList<>();
    private int end;
    private int alignment = 1;

    private Builder(String name) {
      this.name = name;
    }

    Builder with(String name, Kind kind) {
      return align(kind.width()).place(name, kind);
    }

    /** Starts what follows at a multiple of {@code bytes}, such as a union's members. */
    Builder align(int bytes) {
      alignment = Math.max(alignment, bytes);
      end = roundUp(end, bytes);
      return this;
    }

    Layout build() {
      return new Layout(name, fields, roundUp(end, alignment));
    }

    private Builder place(String name, Kind kind) {
      fields.add(new Field(name, kind, end));
      end += kind.width();
      return this;
    }

    private static int roundUp(int value, int multiple) {
      return (value + multiple - 1) / multiple * multiple;
    }
  }
}
