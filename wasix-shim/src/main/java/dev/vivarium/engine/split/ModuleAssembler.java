package dev.vivarium.engine.split;

import dev.vivarium.engine.split.ModuleInfo.Section;
import java.util.List;

/**
 * Writes a module anew with another code section, and with the types, functions and globals that it
 * needs in addition.
 */
final class ModuleAssembler {
  private final ModuleInfo module;
  private final int definedTypes;
  private final List<Byte> addedGlobals;

  ModuleAssembler(ModuleInfo module, int definedTypes, List<Byte> addedGlobals) {
    this.module = module;
    this.definedTypes = definedTypes;
    this.addedGlobals = addedGlobals;
  }

  byte[] assemble(WasmWriter code) {
    WasmWriter out = new WasmWriter(module.bytes.length + 1024);
    out.raw(module.bytes, 0, 8);
    boolean globalsWritten = false;
    for (Section section : module.sections) {
      if (!globalsWritten && after(section.id(), ModuleInfo.GLOBAL)) {
        globalsWritten = true;
        globals(out, null);
      }
      switch (section.id()) {
        case ModuleInfo.TYPE -> section(out, ModuleInfo.TYPE, types(section));
        case ModuleInfo.FUNCTION -> section(out, ModuleInfo.FUNCTION, functions());
        case ModuleInfo.GLOBAL -> {
          globalsWritten = true;
          globals(out, section);
        }
        case ModuleInfo.CODE -> section(out, ModuleInfo.CODE, code);
        default -> {
          out.u8(section.id()).u32(section.end() - section.start());
          out.raw(module.bytes, section.start(), section.end());
        }
      }
    }
    return out.toByteArray();
  }

  /** Section 0 may stand anywhere; 12 and 13 have numbers that are not their place. */
  private static boolean after(int id, int other) {
    return switch (id) {
      case 0, 13 -> false;
      case 12 -> true;
      default -> id > other;
    };
  }

  private static void section(WasmWriter out, int id, WasmWriter content) {
    out.u8(id).sized(content);
  }

  private WasmWriter types(Section section) {
    WasmWriter out = copyWithCount(section, module.types.size());
    for (FuncType type : module.types.subList(definedTypes, module.types.size())) {
      out.u8(0x60).u32(type.params.length).raw(type.params, 0, type.params.length);
      out.u32(type.results.length).raw(type.results, 0, type.results.length);
    }
    return out;
  }

  private WasmWriter functions() {
    int defined = module.functions.size() - module.importedFunctions;
    WasmWriter out = new WasmWriter(defined * 2 + 8).u32(defined);
    for (int i = module.importedFunctions; i < module.functions.size(); i++) {
      out.u32(module.functions.get(i));
    }
    return out;
  }

  private void globals(WasmWriter out, Section section) {
    if (section == null && addedGlobals.isEmpty()) {
      return;
    }
    int count = module.definedGlobals + addedGlobals.size();
    WasmWriter content =
        section == null ? new WasmWriter(64).u32(count) : copyWithCount(section, count);
    for (byte type : addedGlobals) {
      content.u8(type).u8(1);
      switch (type) {
        case FuncType.I32 -> content.u8(Opcode.I32_CONST).u8(0);
        case FuncType.I64 -> content.u8(Opcode.I64_CONST).u8(0);
        case FuncType.F32 -> content.u8(Opcode.F32_CONST).fixed(0, 4);
        default -> content.u8(Opcode.F64_CONST).fixed(0, 8);
      }
      content.u8(Opcode.END);
    }
    section(out, ModuleInfo.GLOBAL, content);
  }

  /** The section's content with another number in front. */
  private WasmWriter copyWithCount(Section section, int count) {
    WasmReader in = new WasmReader(module.bytes, section.start(), section.end());
    in.u32();
    WasmWriter out = new WasmWriter(section.end() - section.start() + 256).u32(count);
    return out.raw(module.bytes, in.position(), section.end());
  }
}
