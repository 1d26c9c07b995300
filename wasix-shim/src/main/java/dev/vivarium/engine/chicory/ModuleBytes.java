package dev.vivarium.engine.chicory;

import dev.vivarium.engine.InvalidModuleException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * A binary module taken apart into sections and function bodies, and put together again with some
 * of them left out.
 *
 * <p>The compiler's memory grows with the code that it is shown at once. It is therefore shown
 * modules that have the bodies of a few functions only; the others are stubs of three bytes, so
 * that every function keeps its index.
 */
final class ModuleBytes {
  private static final byte[] HEADER = {0, 'a', 's', 'm', 1, 0, 0, 0};
  private static final int CUSTOM = 0;
  private static final int TYPE = 1;
  private static final int MEMORY = 5;
  private static final int EXPORT = 7;
  private static final int ELEMENT = 9;
  private static final int CODE = 10;
  private static final int DATA = 11;
  private static final int DATA_COUNT = 12;
  private static final BitSet UNCOMPILED = ids(CUSTOM, MEMORY, EXPORT, DATA);
  private static final BitSet SEGMENTS = ids(ELEMENT, DATA, DATA_COUNT);
  private static final BitSet OWN = ids(MEMORY, EXPORT);
  private static final BitSet NO_DECLARATIONS =
      ids(CUSTOM, MEMORY, EXPORT, ELEMENT, CODE, DATA, DATA_COUNT);

  /** The kind of an export. */
  private static final int FUNCTION = 0;

  /** A flag of a memory: a maximum follows its minimum. */
  private static final int HAS_MAXIMUM = 1;

  /** A body of no locals, {@code unreachable} and {@code end}: valid for every signature. */
  private static final byte[] STUB = {0, 0, 0x0B};

  /** An empty passive data segment. */
  private static final byte[] EMPTY_SEGMENT = {1, 0};

  /** Some locals take a byte of the module and much more of the compiler. */
  private static final int MAX_LOCALS = 20_000_000;

  private record Section(int id, int start, int end) {}

  private final byte[] bytes;
  private final List<Section> sections = new ArrayList<>();

  /** The first byte of each body, behind its size; and one more entry that ends the last body. */
  private int[] bodyStart = {};

  private int[] bodyEnd = {};
  private int[] locals = {};
  private int dataSegments;

  ModuleBytes(byte[] bytes) throws InvalidModuleException {
    this.bytes = bytes;
    if (bytes.length < HEADER.length) {
      throw new InvalidModuleException("too short to be a WebAssembly module", null);
    }
    for (int i = 0; i < 4; i++) {
      if (bytes[i] != HEADER[i]) {
        throw new InvalidModuleException("not a WebAssembly module", null);
      }
    }
    for (int i = 4; i < HEADER.length; i++) {
      if (bytes[i] != HEADER[i]) {
        throw new InvalidModuleException(
            "a WebAssembly component or another binary version, not a core module", null);
      }
    }
    var reader = new WasmReader(bytes, HEADER.length, bytes.length);
    while (!reader.atEnd()) {
      int id = reader.readByte();
      int size = reader.readSize();
      int start = reader.position();
      reader.skip(size);
      var contents = new WasmReader(bytes, start, start + size);
      switch (id) {
        case TYPE -> DeclaredCounts.checkTypes(contents);
        case ELEMENT -> DeclaredCounts.checkElements(contents);
        case CODE -> readBodies(contents);
        case DATA -> dataSegments = DeclaredCounts.checkData(contents);
        default -> {}
      }
      sections.add(new Section(id, start, start + size));
    }
  }

  private void readBodies(WasmReader reader) throws InvalidModuleException {
    int count = reader.readSize();
    // A body takes at least a byte, so a count beyond the bytes is a lie, not a reason to allocate.
    if (count > bytes.length) {
      throw new InvalidModuleException("the module's code section is damaged", null);
    }
    bodyStart = new int[count];
    bodyEnd = new int[count];
    locals = new int[count];
    long all = 0;
    for (int i = 0; i < count; i++) {
      int size = reader.readSize();
      bodyStart[i] = reader.position();
      reader.skip(size);
      bodyEnd[i] = reader.position();
      locals[i] = DeclaredCounts.checkLocals(new WasmReader(bytes, bodyStart[i], bodyEnd[i]));
      all += locals[i];
      if (all > MAX_LOCALS) {
        throw new InvalidModuleException("the module's functions have too many locals", null);
      }
    }
  }

  /** The number of functions that the module defines. */
  int bodies() {
    return bodyStart.length;
  }

  /** What a body costs the compiler, in bytes of code or in what is like them. */
  int weight(int body) {
    return bodyLength(body) + locals[body];
  }

  private int bodyLength(int body) {
    return bodyEnd[body] - bodyStart[body];
  }

  /**
   * The module with real code in the bodies from {@code from} to {@code to}, exclusive, without its
   * custom sections and the contents of its data segments.
   */
  byte[] slice(int from, int to) {
    return assemble(from, to, false);
  }

  /** The module with a stub for every body, without its custom sections but with its data. */
  byte[] skeleton() {
    return assemble(0, 0, true);
  }

  private byte[] assemble(int from, int to, boolean withData) {
    var out = new ByteArrayOutputStream(1 << 16);
    out.writeBytes(HEADER);
    for (var section : sections) {
      if (section.id == CODE) {
        var code = new ByteArrayOutputStream(1 << 16);
        writeSize(code, bodies());
        for (int i = 0; i < bodies(); i++) {
          if (i >= from && i < to) {
            writeBody(code, i);
          } else {
            writeSize(code, STUB.length);
            code.writeBytes(STUB);
          }
        }
        writeSection(out, CODE, code.toByteArray());
      } else if (section.id == DATA && !withData) {
        var data = new ByteArrayOutputStream();
        writeSize(data, dataSegments);
        for (int i = 0; i < dataSegments; i++) {
          data.writeBytes(EMPTY_SEGMENT);
        }
        writeSection(out, DATA, data.toByteArray());
      } else if (section.id != CUSTOM) {
        copy(out, section);
      }
    }
    return out.toByteArray();
  }

  /**
   * All that compiled code depends on, to be digested: the module without its custom sections, its
   * data (how many there are of them is a section of its own, where code names them), how large its
   * memory is and the functions that it exports. Of an exported table the host may change what is
   * in it.
   */
  byte[] compiled() throws InvalidModuleException {
    var out = new ByteArrayOutputStream(bytes.length);
    out.writeBytes(some(section -> !UNCOMPILED.get(section.id)));
    for (var section : sections) {
      if (section.id == EXPORT) {
        writeOtherThanFunctions(out, new WasmReader(bytes, section.start, section.end));
      } else if (section.id == MEMORY) {
        writeKinds(out, new WasmReader(bytes, section.start, section.end));
      }
    }
    return out.toByteArray();
  }

  private static void writeOtherThanFunctions(ByteArrayOutputStream out, WasmReader exports)
      throws InvalidModuleException {
    for (int count = exports.readSize(); count > 0; count--) {
      exports.skip(exports.readSize());
      int kind = exports.readByte();
      int index = exports.readSize();
      if (kind != FUNCTION) {
        out.write(kind);
        writeSize(out, index);
      }
    }
  }

  private static void writeKinds(ByteArrayOutputStream out, WasmReader memories)
      throws InvalidModuleException {
    out.write(MEMORY);
    for (int count = memories.readSize(); count > 0; count--) {
      int flags = memories.readByte();
      out.write(flags);
      memories.skipNumber();
      if ((flags & HAS_MAXIMUM) != 0) {
        memories.skipNumber();
      }
    }
  }

  /**
   * The module without its code, its custom sections, its segments, its memories and its exports.
   */
  byte[] declarations() {
    return some(section -> !NO_DECLARATIONS.get(section.id));
  }

  /** The sections that say how large memory is, and name things for the host. */
  byte[] own() {
    return some(section -> OWN.get(section.id));
  }

  /** The sections that fill tables and memory. */
  byte[] segments() {
    return some(section -> SEGMENTS.get(section.id));
  }

  private byte[] some(Predicate<Section> wanted) {
    var out = new ByteArrayOutputStream(1 << 16);
    out.writeBytes(HEADER);
    for (var section : sections) {
      if (wanted.test(section)) {
        copy(out, section);
      }
    }
    return out.toByteArray();
  }

  /** The types, and a code section of a stub and of the named bodies, in that order. */
  byte[] stubAndBodies(int[] bodies) {
    var out = new ByteArrayOutputStream(1 << 16);
    out.writeBytes(HEADER);
    for (var section : sections) {
      if (section.id == TYPE) {
        copy(out, section);
      }
    }
    var code = new ByteArrayOutputStream(1 << 16);
    writeSize(code, bodies.length + 1);
    writeSize(code, STUB.length);
    code.writeBytes(STUB);
    for (int body : bodies) {
      writeBody(code, body);
    }
    writeSection(out, CODE, code.toByteArray());
    return out.toByteArray();
  }

  private void writeBody(ByteArrayOutputStream out, int body) {
    writeSize(out, bodyLength(body));
    out.write(bytes, bodyStart[body], bodyLength(body));
  }

  private void copy(ByteArrayOutputStream out, Section section) {
    out.write(section.id);
    writeSize(out, section.end - section.start);
    out.write(bytes, section.start, section.end - section.start);
  }

  private static BitSet ids(int... ids) {
    var set = new BitSet();
    for (int id : ids) {
      set.set(id);
    }
    return set;
  }

  private static void writeSection(ByteArrayOutputStream out, int id, byte[] contents) {
    out.write(id);
    writeSize(out, contents.length);
    out.writeBytes(contents);
  }

  private static void writeSize(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >>> 7 != 0) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
