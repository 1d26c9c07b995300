package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.List;

/** Where the sections of a module lie, and the types that its code refers to. */
final class ModuleInfo {
  static final int TYPE = 1;
  static final int IMPORT = 2;
  static final int FUNCTION = 3;
  static final int TABLE = 4;
  static final int GLOBAL = 6;
  static final int EXPORT = 7;
  static final int ELEMENT = 9;
  static final int CODE = 10;
  private static final int FORM_FUNC = 0x60;

  /** One section: its id and the range of its content. */
  record Section(int id, int start, int end) {}

  final byte[] bytes;
  final List<Section> sections = new ArrayList<>();
  final List<FuncType> types = new ArrayList<>();

  /** Type index of every function, imported ones first. */
  final IntList functions = new IntList();

  int importedFunctions;
  int importedGlobals;
  int definedGlobals;

  /** Start and end of every function body (after its size) in turn. */
  final IntList bodies = new IntList();

  /** What the module's tables hold when it has been instantiated. */
  final TableContents tables = new TableContents();

  private ModuleInfo(byte[] bytes) {
    this.bytes = bytes;
  }

  static ModuleInfo parse(byte[] bytes) {
    ModuleInfo info = new ModuleInfo(bytes);
    WasmReader in = new WasmReader(bytes, 0, bytes.length);
    if (in.fixed(4) != 0x6d736100L || in.fixed(4) != 1) {
      throw new MalformedModuleException("no wasm 1 module");
    }
    while (!in.atEnd()) {
      int id = in.u8();
      int size = in.count();
      int start = in.position();
      info.sections.add(new Section(id, start, start + size));
      info.section(id, in.sub(size));
    }
    if (info.functions.size() - info.importedFunctions != info.bodies.size() / 2) {
      throw new MalformedModuleException("function and code section differ in length");
    }
    return info;
  }

  FuncType typeOf(int function) {
    if (function < 0 || function >= functions.size()) {
      throw new MalformedModuleException("unknown function " + function);
    }
    return type(functions.get(function));
  }

  FuncType type(int index) {
    if (index < 0 || index >= types.size()) {
      throw new MalformedModuleException("unknown type " + index);
    }
    return types.get(index);
  }

  int globals() {
    return importedGlobals + definedGlobals;
  }

  private void section(int id, WasmReader in) {
    switch (id) {
      case TYPE -> {
        for (int n = in.count(); n > 0; n--) {
          if (in.u8() != FORM_FUNC) {
            throw new UnsupportedFunctionException("types other than functions");
          }
          types.add(new FuncType(valueTypes(in), valueTypes(in)));
        }
      }
      case IMPORT -> {
        for (int n = in.count(); n > 0; n--) {
          imported(in);
        }
      }
      case FUNCTION -> {
        for (int n = in.count(); n > 0; n--) {
          functions.add(in.u32());
        }
      }
      case TABLE -> tables.define(in);
      case GLOBAL -> definedGlobals = in.count();
      case EXPORT -> tables.exports(in);
      case ELEMENT -> tables.elements(in);
      case CODE -> {
        for (int n = in.count(); n > 0; n--) {
          int size = in.count();
          bodies.add(in.position());
          in.skip(size);
          bodies.add(in.position());
        }
      }
      default -> {}
    }
  }

  private static byte[] valueTypes(WasmReader in) {
    byte[] types = new byte[in.count()];
    for (int i = 0; i < types.length; i++) {
      types[i] = valueType(in);
    }
    return types;
  }

  private static byte valueType(WasmReader in) {
    byte type = (byte) in.u8();
    if (type == 0x63 || type == 0x64) {
      throw new UnsupportedFunctionException("typed references");
    }
    return type;
  }

  private void imported(WasmReader in) {
    in.skip(in.count());
    in.skip(in.count());
    int kind = in.u8();
    switch (kind) {
      case 0 -> {
        functions.add(in.u32());
        importedFunctions++;
      }
      case 1 -> {
        valueType(in);
        limits(in);
        tables.imported();
      }
      case 2 -> limits(in);
      case 3 -> {
        valueType(in);
        in.u8();
        importedGlobals++;
      }
      case 4 -> {
        in.u8();
        in.u32();
      }
      default -> throw new MalformedModuleException("unknown import kind " + kind);
    }
  }

  private static void limits(WasmReader in) {
    int flags = in.u8();
    in.s64();
    if ((flags & 1) != 0) {
      in.s64();
    }
  }
}
