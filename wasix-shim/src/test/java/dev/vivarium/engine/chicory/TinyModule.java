package dev.vivarium.engine.chicory;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Assembles small binary modules. Code is given as bytes, without the final {@code end}. */
final class TinyModule {
  static final int I32 = 0x7F;
  static final int I64 = 0x7E;
  static final int F32 = 0x7D;
  static final int F64 = 0x7C;
  static final int FUNCREF = 0x70;
  static final int EXTERNREF = 0x6F;

  private final List<byte[]> types = new ArrayList<>();
  private final List<byte[]> imports = new ArrayList<>();
  private final List<byte[]> functions = new ArrayList<>();
  private final List<byte[]> tables = new ArrayList<>();
  private final List<byte[]> memories = new ArrayList<>();
  private final List<byte[]> tags = new ArrayList<>();
  private final List<byte[]> globals = new ArrayList<>();
  private final List<byte[]> exports = new ArrayList<>();
  private final List<byte[]> elements = new ArrayList<>();
  private final List<byte[]> bodies = new ArrayList<>();
  private final List<byte[]> data = new ArrayList<>();
  private int importedFunctions;
  private int start = -1;

  /** Adds a function type; returns its index. */
  int type(int[] params, int... results) {
    return add(types, cat(bytes(0x60), vector(params), vector(results)));
  }

  /** Imports a function; returns its index. All imports come before all functions. */
  int importFunction(String module, String name, int type) {
    imports.add(cat(name(module), name(name), bytes(0x00), leb(type)));
    return importedFunctions++;
  }

  TinyModule importMemory(String module, String name, int... limits) {
    imports.add(cat(name(module), name(name), bytes(0x02), bytes(limits)));
    return this;
  }

  TinyModule importGlobal(String module, String name, int type) {
    imports.add(cat(name(module), name(name), bytes(0x03, type, 0)));
    return this;
  }

  TinyModule importTable(String module, String name, int minimum) {
    imports.add(cat(name(module), name(name), bytes(0x01, FUNCREF, 0), leb(minimum)));
    return this;
  }

  /** A function without locals; returns its index. */
  int function(int type, byte[] code) {
    return function(type, bytes(0), code);
  }

  /**
   * A function.
   *
   * @param locals the encoded groups of locals
   * @return its index
   */
  int function(int type, byte[] locals, byte[] code) {
    functions.add(leb(type));
    bodies.add(sized(cat(locals, code, bytes(0x0B))));
    return importedFunctions + functions.size() - 1;
  }

  TinyModule table(int minimum) {
    tables.add(cat(bytes(FUNCREF, 0), leb(minimum)));
    return this;
  }

  TinyModule memory(int pages) {
    memories.add(cat(bytes(0), leb(pages)));
    return this;
  }

  TinyModule memory(int pages, int maximum) {
    memories.add(cat(bytes(1), leb(pages), leb(maximum)));
    return this;
  }

  TinyModule tag(int type) {
    tags.add(cat(bytes(0), leb(type)));
    return this;
  }

  TinyModule global(int type, int mutability, byte[] init) {
    globals.add(cat(bytes(type, mutability), init, bytes(0x0B)));
    return this;
  }

  TinyModule export(String name, int function) {
    exports.add(cat(name(name), bytes(0x00), leb(function)));
    return this;
  }

  TinyModule exportTable(String name) {
    exports.add(cat(name(name), bytes(0x01, 0)));
    return this;
  }

  TinyModule start(int function) {
    start = function;
    return this;
  }

  TinyModule element(int offset, int... functionIndices) {
    elements.add(cat(bytes(0x00, 0x41), sleb(offset), bytes(0x0B), vector(functionIndices)));
    return this;
  }

  TinyModule data(int offset, byte[] contents) {
    data.add(cat(bytes(0x00, 0x41), sleb(offset), bytes(0x0B), leb(contents.length), contents));
    return this;
  }

  byte[] build() {
    return cat(
        bytes(0, 'a', 's', 'm', 1, 0, 0, 0),
        section(1, types),
        section(2, imports),
        section(3, functions),
        section(4, tables),
        section(5, memories),
        section(13, tags),
        section(6, globals),
        section(7, exports),
        start < 0 ? bytes() : cat(bytes(8), sized(leb(start))),
        section(9, elements),
        section(10, bodies),
        section(11, data));
  }

  private static byte[] section(int id, List<byte[]> rows) {
    if (rows.isEmpty()) {
      return bytes();
    }
    return cat(bytes(id), sized(cat(leb(rows.size()), cat(rows.toArray(byte[][]::new)))));
  }

  static byte[] bytes(int... values) {
    var bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] cat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** {@code i32.const value}. */
  static byte[] i32(int value) {
    return cat(bytes(0x41), sleb(value));
  }

  /** {@code i64.const value}. */
  static byte[] i64(long value) {
    return cat(bytes(0x42), sleb(value));
  }

  static byte[] call(int function) {
    return cat(bytes(0x10), leb(function));
  }

  static byte[] leb(int value) {
    var out = new ByteArrayOutputStream();
    int rest = value;
    while (rest >>> 7 != 0) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    return out.toByteArray();
  }

  static byte[] sleb(long value) {
    var out = new ByteArrayOutputStream();
    long rest = value;
    while (rest < -64 || rest > 63) {
      out.write((int) (rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    out.write((int) (rest & 0x7F));
    return out.toByteArray();
  }

  private static byte[] vector(int... values) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(leb(values.length));
    for (int value : values) {
      out.writeBytes(leb(value));
    }
    return out.toByteArray();
  }

  private static byte[] name(String name) {
    return sized(name.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] sized(byte[] contents) {
    return cat(leb(contents.length), contents);
  }

  private static int add(List<byte[]> rows, byte[] row) {
    rows.add(row);
    return rows.size() - 1;
  }
}
