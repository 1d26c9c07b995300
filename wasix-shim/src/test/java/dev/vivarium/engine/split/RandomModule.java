package dev.vivarium.engine.split;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Generates valid modules from a seed: functions of all number types that call each other, directly
 * and through a table, with nested blocks, loops, switches, early returns, traps in the middle and
 * a memory that grows. A global holds fuel that loops and calls burn, so that every run ends.
 */
final class RandomModule {
  static final int FUEL_GLOBAL = 0;
  static final int FUEL = 300;
  private static final byte[] TYPES = {FuncType.I32, FuncType.I64, FuncType.F32, FuncType.F64};

  final List<FuncType> functions = new ArrayList<>();
  private final Random random;
  private final int statements;

  private RandomModule(long seed, int statements) {
    this.random = new Random(seed);
    this.statements = statements;
  }

  static RandomModule of(long seed, int statements) {
    RandomModule module = new RandomModule(seed, statements);
    int count = 2 + module.random.nextInt(3);
    for (int i = 0; i < count; i++) {
      byte[] params = new byte[module.random.nextInt(5)];
      for (int p = 0; p < params.length; p++) {
        params[p] = module.type();
      }
      byte[] results = module.random.nextInt(4) == 0 ? new byte[0] : new byte[] {module.type()};
      module.functions.add(new FuncType(params, results));
    }
    return module;
  }

  private byte type() {
    return TYPES[random.nextInt(TYPES.length)];
  }

  byte[] bytes() {
    WasmWriter out = new WasmWriter(1024).fixed(0x6d736100L, 4).fixed(1, 4);
    int n = functions.size();
    WasmWriter types = new WasmWriter(64).u32(n);
    WasmWriter indexes = new WasmWriter(64).u32(n);
    WasmWriter exports = new WasmWriter(64).u32(n);
    WasmWriter elements =
        new WasmWriter(64).u32(1).u8(0).u8(Opcode.I32_CONST).s64(0).u8(Opcode.END).u32(n);
    WasmWriter code = new WasmWriter(1024).u32(n);
    for (int i = 0; i < n; i++) {
      FuncType type = functions.get(i);
      types.u8(0x60).u32(type.params.length).raw(type.params, 0, type.params.length);
      types.u32(type.results.length).raw(type.results, 0, type.results.length);
      indexes.u32(i);
      exports.u32(2).u8('f').u8('0' + i).u8(0).u32(i);
      elements.u32(i);
      code.sized(new Body(type).write());
    }
    WasmWriter globals = new WasmWriter(64).u32(1 + TYPES.length);
    globals.u8(FuncType.I32).u8(1).u8(Opcode.I32_CONST).s64(FUEL).u8(Opcode.END);
    globals.u8(FuncType.I32).u8(1).u8(Opcode.I32_CONST).s64(7).u8(Opcode.END);
    globals.u8(FuncType.I64).u8(1).u8(Opcode.I64_CONST).s64(-7).u8(Opcode.END);
    globals
        .u8(FuncType.F32)
        .u8(1)
        .u8(Opcode.F32_CONST)
        .fixed(Float.floatToIntBits(1.5f), 4)
        .u8(Opcode.END);
    globals
        .u8(FuncType.F64)
        .u8(1)
        .u8(Opcode.F64_CONST)
        .fixed(Double.doubleToLongBits(-2.5), 8)
        .u8(Opcode.END);
    out.u8(1).sized(types).u8(3).sized(indexes);
    out.u8(4).sized(new WasmWriter(8).u32(1).u8(0x70).u8(0).u32(n));
    out.u8(5).sized(new WasmWriter(8).u32(1).u8(1).u32(1).u32(3));
    out.u8(6).sized(globals).u8(7).sized(exports).u8(9).sized(elements).u8(10).sized(code);
    return out.toByteArray();
  }

  /** One function's body. */
  private final class Body {
    private final FuncType type;
    private final List<Byte> locals = new ArrayList<>();
    private final WasmWriter out = new WasmWriter(512);

    /** The types that branches to the open labels carry; innermost last. */
    private final List<Byte> labels = new ArrayList<>();

    private int budget = statements;

    Body(FuncType type) {
      this.type = type;
    }

    WasmWriter write() {
      for (byte param : type.params) {
        locals.add(param);
      }
      int extra = 4 + random.nextInt(10);
      WasmWriter body = new WasmWriter(512).u32(extra);
      for (int i = 0; i < extra; i++) {
        byte local = TYPES[i % TYPES.length];
        locals.add(local);
        body.u32(1).u8(local);
      }
      labels.add(result());
      burn();
      out.u8(Opcode.IF).u8(Block.EMPTY);
      if (result() != Block.EMPTY) {
        constant(result());
      }
      out.u8(Opcode.RETURN).u8(Opcode.END);
      while (budget > 0) {
        statement(0);
      }
      if (result() != Block.EMPTY) {
        expression(result(), 3);
      }
      return body.all(out).u8(Opcode.END);
    }

    private byte result() {
      return type.results.length == 0 ? Block.EMPTY : type.results[0];
    }

    /** Takes one unit of fuel; leaves 1 on the stack if none was left. */
    private void burn() {
      out.u8(Opcode.GLOBAL_GET).u32(FUEL_GLOBAL).u8(Opcode.I32_CONST).s64(1).u8(0x6b);
      out.u8(Opcode.GLOBAL_SET).u32(FUEL_GLOBAL).u8(Opcode.GLOBAL_GET).u32(FUEL_GLOBAL);
      out.u8(Opcode.I32_CONST).s64(0).u8(0x48);
    }

    private void statements(int depth) {
      for (int n = 1 + random.nextInt(5); n > 0; n--) {
        statement(depth);
      }
    }

    private void statement(int depth) {
      budget--;
      int kind = random.nextInt(depth > 5 ? 11 : 20);
      switch (kind) {
        case 0, 1, 2, 3 -> assign();
        case 4, 5 -> store();
        case 6 -> {
          expression(type(), 3);
          out.u8(Opcode.DROP);
        }
        case 7 -> {
          int global = 1 + random.nextInt(TYPES.length);
          expression(TYPES[global - 1], 3);
          out.u8(Opcode.GLOBAL_SET).u32(global);
        }
        case 8 -> branchIf();
        case 9 -> {
          int local = random.nextInt(locals.size());
          int other = random.nextInt(locals.size());
          if (locals.get(local).equals(locals.get(other))) {
            out.u8(Opcode.LOCAL_GET).u32(local).u8(Opcode.LOCAL_SET).u32(other);
          }
        }
        case 10 -> rareTrap();
        case 11, 12 -> {
          open(Opcode.BLOCK, Block.EMPTY);
          statements(depth + 1);
          close();
        }
        case 13, 14 -> {
          expression(FuncType.I32, 2);
          open(Opcode.IF, Block.EMPTY);
          statements(depth + 1);
          if (random.nextBoolean()) {
            out.u8(Opcode.ELSE);
            statements(depth + 1);
          }
          if (random.nextInt(6) == 0) {
            leave();
          }
          close();
        }
        case 15, 16 -> loop(depth);
        case 17, 18 -> table(depth);
        default -> {
          open(Opcode.BLOCK, type());
          statements(depth + 1);
          byte result = labels.get(labels.size() - 1);
          if (random.nextBoolean()) {
            expression(result, 2);
            expression(FuncType.I32, 2);
            out.u8(Opcode.BR_IF).u32(0).u8(Opcode.DROP);
          }
          expression(result, 3);
          close();
          set(result);
        }
      }
    }

    private void open(int code, byte result) {
      out.u8(code).u8(result);
      labels.add(result);
    }

    private void close() {
      out.u8(Opcode.END);
      labels.remove(labels.size() - 1);
    }

    private void loop(int depth) {
      open(Opcode.BLOCK, Block.EMPTY);
      open(Opcode.LOOP, Block.EMPTY);
      burn();
      out.u8(Opcode.BR_IF).u32(1);
      statements(depth + 1);
      expression(FuncType.I32, 2);
      out.u8(Opcode.BR_IF).u32(0);
      close();
      close();
    }

    /**
     * A switch as compilers write it: nested blocks, the table innermost, an arm behind each end.
     */
    private void table(int depth) {
      int arms = 2 + random.nextInt(5);
      for (int i = 0; i <= arms; i++) {
        open(Opcode.BLOCK, Block.EMPTY);
      }
      expression(FuncType.I32, 2);
      out.u8(Opcode.I32_CONST).s64(7).u8(0x71);
      out.u8(Opcode.BR_TABLE).u32(arms);
      for (int i = 0; i <= arms; i++) {
        out.u32(random.nextInt(arms + 1));
      }
      close();
      for (int i = 0; i < arms; i++) {
        statements(depth + 1);
        if (random.nextInt(3) > 0) {
          out.u8(Opcode.BR).u32(arms - 1 - i);
        }
        close();
      }
    }

    private void branchIf() {
      int depth = random.nextInt(labels.size());
      byte carried = labels.get(labels.size() - 1 - depth);
      if (carried != Block.EMPTY) {
        expression(carried, 2);
      }
      expression(FuncType.I32, 2);
      out.u8(Opcode.BR_IF).u32(depth);
      if (carried != Block.EMPTY) {
        set(carried);
      }
    }

    private void leave() {
      if (result() != Block.EMPTY) {
        expression(result(), 2);
      }
      if (random.nextBoolean()) {
        out.u8(Opcode.RETURN);
      } else {
        out.u8(Opcode.BR).u32(labels.size() - 1);
      }
    }

    private void rareTrap() {
      expression(FuncType.I32, 2);
      out.u8(Opcode.I32_CONST).s64(63).u8(0x71).u8(0x45);
      open(Opcode.IF, Block.EMPTY);
      out.u8(Opcode.UNREACHABLE);
      close();
    }

    private void assign() {
      byte wanted = type();
      expression(wanted, 4);
      set(wanted);
    }

    private void set(byte wanted) {
      for (int tries = 0; tries < 20; tries++) {
        int local = random.nextInt(locals.size());
        if (locals.get(local) == wanted) {
          out.u8(Opcode.LOCAL_SET).u32(local);
          return;
        }
      }
      out.u8(Opcode.DROP);
    }

    private void address() {
      expression(FuncType.I32, 2);
      boolean masked = random.nextInt(300) > 0;
      if (masked) {
        out.u8(Opcode.I32_CONST).s64(0xfff).u8(0x71);
      }
    }

    private void store() {
      address();
      byte value = type();
      expression(value, 3);
      int[] codes =
          switch (value) {
            case FuncType.I32 -> new int[] {0x36, 0x3a, 0x3b};
            case FuncType.I64 -> new int[] {0x37, 0x3c, 0x3d, 0x3e};
            case FuncType.F32 -> new int[] {0x38};
            default -> new int[] {0x39};
          };
      out.u8(codes[random.nextInt(codes.length)]).u32(0).u32(random.nextInt(64));
    }

    private void constant(byte wanted) {
      int small = random.nextInt(200) - 100;
      switch (wanted) {
        case FuncType.I32 ->
            out.u8(Opcode.I32_CONST).s64(random.nextInt(8) == 0 ? random.nextInt() : small);
        case FuncType.I64 ->
            out.u8(Opcode.I64_CONST).s64(random.nextInt(8) == 0 ? random.nextLong() : small);
        case FuncType.F32 -> out.u8(Opcode.F32_CONST).fixed(Float.floatToIntBits(small / 4f), 4);
        default -> out.u8(Opcode.F64_CONST).fixed(Double.doubleToLongBits(small / 8.0), 8);
      }
    }

    private void expression(byte wanted, int depth) {
      int kind = random.nextInt(depth <= 0 ? 6 : 24);
      switch (kind) {
        case 0, 1 -> constant(wanted);
        case 2, 3, 4, 5 -> read(wanted);
        case 6 -> out.u8(Opcode.GLOBAL_GET).u32(1 + index(wanted));
        case 7, 8 -> {
          address();
          int[] codes =
              switch (wanted) {
                case FuncType.I32 -> new int[] {0x28, 0x2c, 0x2d, 0x2e, 0x2f};
                case FuncType.I64 -> new int[] {0x29, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35};
                case FuncType.F32 -> new int[] {0x2a};
                default -> new int[] {0x2b};
              };
          out.u8(codes[random.nextInt(codes.length)]).u32(0).u32(random.nextInt(64));
        }
        case 9 -> call(wanted, depth);
        case 10 -> {
          expression(wanted, depth - 1);
          expression(wanted, depth - 1);
          expression(FuncType.I32, depth - 1);
          out.u8(Opcode.SELECT);
        }
        case 11 -> {
          expression(FuncType.I32, depth - 1);
          open(Opcode.IF, wanted);
          expression(wanted, depth - 1);
          out.u8(Opcode.ELSE);
          expression(wanted, depth - 1);
          close();
        }
        case 12 -> {
          open(Opcode.BLOCK, wanted);
          expression(wanted, depth - 1);
          expression(FuncType.I32, depth - 1);
          out.u8(Opcode.BR_IF).u32(0);
          set(wanted);
          expression(wanted, depth - 1);
          close();
        }
        case 13, 14 -> tee(wanted, depth);
        case 15 -> convert(wanted, depth);
        default -> operate(wanted, depth);
      }
    }

    private int index(byte wanted) {
      return FuncType.I32 - wanted;
    }

    private void read(byte wanted) {
      for (int tries = 0; tries < 20; tries++) {
        int local = random.nextInt(locals.size());
        if (locals.get(local) == wanted) {
          out.u8(Opcode.LOCAL_GET).u32(local);
          return;
        }
      }
      constant(wanted);
    }

    private void tee(byte wanted, int depth) {
      expression(wanted, depth - 1);
      for (int local = locals.size() - 1; local >= 0; local--) {
        if (locals.get(local) == wanted) {
          out.u8(Opcode.LOCAL_TEE).u32(local);
          return;
        }
      }
    }

    private void call(byte wanted, int depth) {
      int callee = random.nextInt(functions.size());
      FuncType target = functions.get(callee);
      if (target.results.length == 0 || target.results[0] != wanted) {
        operate(wanted, depth);
        return;
      }
      for (byte param : target.params) {
        expression(param, depth - 2);
      }
      switch (random.nextInt(5)) {
        case 0 -> out.u8(Opcode.I32_CONST).s64(callee).u8(Opcode.CALL_INDIRECT).u32(callee).u32(0);
        case 1 -> {
          expression(FuncType.I32, depth - 2);
          out.u8(Opcode.I32_CONST).s64(3).u8(0x71).u8(Opcode.CALL_INDIRECT).u32(callee).u32(0);
        }
        default -> out.u8(Opcode.CALL).u32(callee);
      }
    }

    private void convert(byte wanted, int depth) {
      int[][] codes =
          switch (wanted) {
            case FuncType.I32 ->
                new int[][] {
                  {0xa7, FuncType.I64},
                  {0xa8, FuncType.F32},
                  {0xab, FuncType.F64},
                  {0x45, FuncType.I32}
                };
            case FuncType.I64 ->
                new int[][] {{0xac, FuncType.I32}, {0xad, FuncType.I32}, {0xb0, FuncType.F64}};
            case FuncType.F32 ->
                new int[][] {{0xb2, FuncType.I32}, {0xb4, FuncType.I64}, {0xb6, FuncType.F64}};
            default ->
                new int[][] {{0xb7, FuncType.I32}, {0xba, FuncType.I64}, {0xbb, FuncType.F32}};
          };
      int[] code = codes[random.nextInt(codes.length)];
      expression((byte) code[1], depth - 1);
      boolean truncates = code[0] >= 0xa8 && code[0] <= 0xb1 && code[1] <= FuncType.F32;
      if (truncates && random.nextInt(10) > 0) {
        out.u8(Opcode.MISC).u8(wanted == FuncType.I64 ? 6 : code[1] == FuncType.F32 ? 0 : 2);
        return;
      }
      out.u8(code[0]);
    }

    private void operate(byte wanted, int depth) {
      if (wanted == FuncType.I32 && random.nextInt(3) == 0) {
        byte compared = type();
        expression(compared, depth - 1);
        expression(compared, depth - 1);
        int base =
            switch (compared) {
              case FuncType.I32 -> 0x46;
              case FuncType.I64 -> 0x51;
              case FuncType.F32 -> 0x5b;
              default -> 0x61;
            };
        out.u8(base + random.nextInt(6));
        return;
      }
      if (wanted == FuncType.I32 && random.nextInt(30) == 0) {
        expression(FuncType.I32, depth - 1);
        out.u8(Opcode.I32_CONST).s64(1).u8(0x71).u8(Opcode.MEMORY_GROW).u8(0);
        return;
      }
      expression(wanted, depth - 1);
      expression(wanted, depth - 1);
      int code =
          switch (wanted) {
            case FuncType.I32 -> 0x6a + random.nextInt(15);
            case FuncType.I64 -> 0x7c + random.nextInt(15);
            case FuncType.F32 -> 0x92 + random.nextInt(6);
            default -> 0xa0 + random.nextInt(6);
          };
      boolean divides = (code >= 0x6d && code <= 0x70) || (code >= 0x7f && code <= 0x82);
      if (divides && random.nextInt(10) > 0) {
        if (wanted == FuncType.I32) {
          out.u8(Opcode.I32_CONST).s64(1).u8(0x72);
        } else {
          out.u8(Opcode.I64_CONST).s64(1).u8(Opcode.I64_OR);
        }
      }
      out.u8(code);
    }
  }
}
