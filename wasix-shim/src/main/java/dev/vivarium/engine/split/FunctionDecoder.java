package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a function body into a tree. Code that can never run is left out: after a branch that is
 * always taken, and after a block whose end nothing reaches, for which an explicit {@code
 * unreachable} is put.
 */
final class FunctionDecoder {
  /** Nesting beyond this is left whole: the passes over the tree are recursive. */
  private static final int MAX_DEPTH = 1_500;

  private static final int MAX_LOCALS = 50_000;

  private final ModuleInfo module;
  private final WasmReader in;
  private final List<Block> labels = new ArrayList<>();
  private final List<Boolean> targeted = new ArrayList<>();

  private FunctionDecoder(ModuleInfo module, WasmReader in) {
    this.module = module;
    this.in = in;
  }

  /**
   * Decodes the function with the given index in the code section.
   *
   * @throws UnsupportedFunctionException if it uses what the splitter does not take apart
   */
  static Func decode(ModuleInfo module, int codeIndex) {
    int start = module.bodies.get(2 * codeIndex);
    int end = module.bodies.get(2 * codeIndex + 1);
    FuncType type = module.typeOf(module.importedFunctions + codeIndex);
    FunctionDecoder decoder = new FunctionDecoder(module, new WasmReader(module.bytes, start, end));
    return decoder.function(type);
  }

  private Func function(FuncType type) {
    if (type.results.length > 1) {
      throw new UnsupportedFunctionException("several results");
    }
    requireNumeric(type.params);
    requireNumeric(type.results);
    byte[] params = type.params;
    Block root = new Block(Opcode.BLOCK, params(type));
    Func function = new Func(type, params.clone(), params.length, root);
    for (int n = in.count(); n > 0; n--) {
      int count = in.u32();
      byte local = (byte) in.u8();
      if (count < 0 || function.localCount() + (long) count > MAX_LOCALS) {
        throw new UnsupportedFunctionException("too many locals");
      }
      requireNumeric(new byte[] {local});
      for (int i = 0; i < count; i++) {
        function.addLocal(local);
      }
    }
    block(root);
    return function;
  }

  private static byte params(FuncType type) {
    return type.results.length == 0 ? Block.EMPTY : type.results[0];
  }

  private static void requireNumeric(byte[] types) {
    for (byte type : types) {
      if (!FuncType.numeric(type)) {
        throw new UnsupportedFunctionException("reference or vector types");
      }
    }
  }

  /** Reads up to the block's end; tells whether the code after it can run. */
  private boolean block(Block block) {
    if (labels.size() >= MAX_DEPTH) {
      throw new UnsupportedFunctionException("deep nesting");
    }
    labels.add(block);
    targeted.add(false);
    int last = sequence(block.body);
    boolean reachable = fallsThrough;
    if (last == Opcode.ELSE) {
      block.orElse = new ArrayList<>();
      sequence(block.orElse);
      reachable |= fallsThrough;
    } else if (block.code == Opcode.IF) {
      reachable = true;
    }
    labels.remove(labels.size() - 1);
    boolean branchedTo = targeted.remove(targeted.size() - 1);
    return reachable || (branchedTo && !block.isLoop());
  }

  private boolean fallsThrough;

  /** Reads up to {@code else} or {@code end}, which it returns; sets {@link #fallsThrough}. */
  private int sequence(List<Node> items) {
    while (true) {
      int code = in.u8();
      switch (code) {
        case Opcode.ELSE, Opcode.END -> {
          fallsThrough = true;
          return code;
        }
        case Opcode.NOP -> {}
        case Opcode.BLOCK, Opcode.LOOP, Opcode.IF -> {
          Block block = new Block(code, blockType());
          items.add(block);
          if (!block(block)) {
            items.add(Op.of(Opcode.UNREACHABLE));
            return skip();
          }
        }
        case Opcode.UNREACHABLE -> {
          items.add(Op.of(code));
          return skip();
        }
        case Opcode.BR -> {
          items.add(new Jump(code, target(in.u32())));
          return skip();
        }
        case Opcode.RETURN -> {
          items.add(new Jump(Opcode.BR, target(labels.size() - 1)));
          return skip();
        }
        case Opcode.BR_IF -> items.add(new Jump(code, target(in.u32())));
        case Opcode.BR_TABLE -> {
          Block[] targets = new Block[in.count() + 1];
          for (int i = 0; i < targets.length; i++) {
            targets[i] = target(in.u32());
          }
          items.add(new Jump(code, targets));
          return skip();
        }
        default -> items.add(instruction(code));
      }
    }
  }

  /** Skips dead code up to the sequence's end. */
  private int skip() {
    int depth = 0;
    while (true) {
      int code = in.u8();
      switch (code) {
        case Opcode.BLOCK, Opcode.LOOP, Opcode.IF -> {
          blockType();
          depth++;
        }
        case Opcode.ELSE, Opcode.END -> {
          if (depth == 0) {
            fallsThrough = false;
            return code;
          }
          depth -= code == Opcode.END ? 1 : 0;
        }
        case Opcode.BR, Opcode.BR_IF -> in.u32();
        case Opcode.BR_TABLE -> {
          for (int n = in.count() + 1; n > 0; n--) {
            in.u32();
          }
        }
        case Opcode.RETURN, Opcode.UNREACHABLE, Opcode.NOP -> {}
        default -> instruction(code);
      }
    }
  }

  private byte blockType() {
    int position = in.position();
    long type = in.s64();
    if (type >= 0) {
      FuncType resolved = module.type((int) type);
      if (resolved.params.length > 0 || resolved.results.length > 1) {
        throw new UnsupportedFunctionException("a block with several values");
      }
      requireNumeric(resolved.results);
      return params(resolved);
    }
    byte code = (byte) (type & 0x7f);
    if ((code != Block.EMPTY && !FuncType.numeric(code)) || in.position() != position + 1) {
      throw new UnsupportedFunctionException("a block with a reference");
    }
    return code;
  }

  private Block target(int depth) {
    int index = labels.size() - 1 - depth;
    if (depth < 0 || index < 0) {
      throw new MalformedModuleException("unknown label " + depth);
    }
    targeted.set(index, true);
    return labels.get(index);
  }

  private Op instruction(int first) {
    int code = first;
    if (first == Opcode.MISC || first == Opcode.ATOMIC) {
      int sub = in.u32();
      if (sub < 0 || sub > 0xff) {
        throw new UnsupportedFunctionException(
            "instruction " + Integer.toHexString(first) + " " + sub);
      }
      code = first << 8 | sub;
    }
    Opcode.Immediate immediate = Opcode.immediate(code);
    if (immediate == null) {
      throw new UnsupportedFunctionException("instruction 0x" + Integer.toHexString(code));
    }
    return switch (immediate) {
      case NONE -> Op.of(code);
      case INDEX -> Op.of(code, in.u32());
      case TWO_INDEXES -> new Op(code, in.u32(), in.u32());
      case MEMARG -> memoryAccess(code);
      case S32, HEAP_TYPE -> Op.of(code, in.s32());
      case S64 -> Op.of(code, in.s64());
      case F32 -> Op.of(code, in.fixed(4));
      case F64 -> Op.of(code, in.fixed(8));
      case BYTE -> Op.of(code, in.u8());
      case SELECT_TYPES -> {
        if (in.count() != 1) {
          throw new UnsupportedFunctionException("select of several values");
        }
        byte type = (byte) in.u8();
        requireNumeric(new byte[] {type});
        yield Op.of(code, type);
      }
    };
  }

  private Op memoryAccess(int code) {
    int align = in.u32();
    if ((align & 0x40) != 0) {
      throw new UnsupportedFunctionException("several memories");
    }
    return new Op(code, in.u32() & 0xffff_ffffL, align);
  }
}
