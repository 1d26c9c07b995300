package dev.vivarium.engine.generate;

import static dev.vivarium.engine.generate.Type.EXTERNREF;
import static dev.vivarium.engine.generate.Type.F64;
import static dev.vivarium.engine.generate.Type.FUNCREF;
import static dev.vivarium.engine.generate.Type.I32;

import java.util.Arrays;

/** Writes a function's statements, which leave nothing on the stack. */
final class Statements {
  private static final int DEEPEST = 6;

  private final Scope scope;
  private final GeneratedModule module;
  private final Choices choices;
  private final Code out;
  private final Expressions expression;

  /** Whether the function may have what the splitter leaves whole. */
  private final boolean exotic;

  private final int counter;
  private final int funcref;
  private final int externref;
  private int budget;

  /** Whether what is written now never runs. */
  private boolean dead;

  Statements(Scope scope) {
    this.scope = scope;
    module = scope.module;
    choices = scope.choices;
    out = scope.out;
    exotic = choices.oneIn(4);
    for (int n = choices.below(14); n > 0; n--) {
      scope.local(Type.NUMBERS[choices.below(Type.NUMBERS.length)]);
    }
    counter = scope.local(I32);
    funcref = exotic ? scope.local(FUNCREF) : -1;
    externref = exotic ? scope.local(EXTERNREF) : -1;
    expression = new Expressions(scope);
  }

  /** The whole body. */
  Code write(int size) {
    budget = size;
    scope.burn();
    scope.open(Scope.IF);
    constants(scope.type.results());
    out.u8(Scope.RETURN);
    scope.close();
    while (budget > 0 && choices.below(200) != 0) {
      statement(0);
    }
    values(scope.type.results(), 3);
    return scope.body();
  }

  private void constants(byte[] types) {
    for (byte type : types) {
      expression.constant(type);
    }
  }

  private void values(byte[] types, int depth) {
    for (byte type : types) {
      expression.of(type, depth);
    }
  }

  /** Takes values off the stack. */
  private void sets(byte[] types) {
    for (int i = types.length - 1; i >= 0; i--) {
      expression.set(types[i]);
    }
  }

  private void statements(int depth) {
    for (int n = choices.below(6); n > 0; n--) {
      statement(depth);
    }
  }

  private void statement(int depth) {
    budget--;
    boolean nested = depth < DEEPEST && budget > 0;
    switch (choices.below(nested ? 39 : 21)) {
      case 0, 1, 2, 3, 4 -> assign();
      case 5, 6 -> store(3);
      case 20 -> variables();
      case 7 -> {
        expression.of(expression.type(), 3);
        out.u8(Scope.DROP);
      }
      case 8 -> {
        byte type = expression.type();
        expression.of(type, 3);
        out.op(Scope.GLOBAL_SET, module.variable(type));
      }
      case 9, 10 -> branchIf();
      case 11 -> move();
      case 12 -> rareTrap();
      case 13 -> bulk();
      case 14 -> table();
      case 15, 16 -> call();
      case 17 -> reference();
      case 18 -> tailCall();
      case 19 -> out.u8(0x01);
      case 21, 22 -> {
        scope.open(Scope.BLOCK);
        statements(depth + 1);
        scope.close();
      }
      case 23, 24, 25 -> conditional(depth);
      case 26, 27 -> loop(depth);
      case 28 -> counted(depth);
      case 29, 30, 31 -> new Switch(this, scope, expression).write(depth);
      case 32, 33 -> valueBlock(depth);
      case 34 -> manyValues(depth);
      case 35 -> catching(depth);
      case 36 -> throwing();
      case 37 -> dead(depth);
      default -> loopWithResult(depth);
    }
  }

  void arm(int depth, boolean small) {
    if (small) {
      if (choices.below(3) > 0) {
        assign();
      }
    } else {
      statements(depth + 1);
    }
  }

  private void assign() {
    byte type = expression.type();
    expression.of(type, 4);
    expression.set(type);
  }

  private void move() {
    byte type = expression.type();
    int from = scope.anyLocal(type);
    if (from >= 0) {
      out.op(Scope.LOCAL_GET, from);
      expression.set(type);
    }
  }

  private void store(int depth) {
    if (!module.hasMemory()) {
      assign();
      return;
    }
    byte value = expression.type();
    boolean local = expression.address(2);
    expression.observed(value, depth);
    int[] codes =
        switch (value) {
          case I32 -> new int[] {0x36, 0x3a, 0x3b};
          case Type.I64 -> new int[] {0x37, 0x3c, 0x3d, 0x3e};
          case Type.F32 -> new int[] {0x38};
          default -> new int[] {0x39};
        };
    out.u8(codes[choices.below(codes.length)]);
    expression.access(local);
  }

  /** As an unoptimised compiler writes: all goes through memory, beside a local's address. */
  private void variables() {
    if (!module.hasMemory()) {
      assign();
      return;
    }
    for (int n = 1 + choices.below(8); n > 0; n--) {
      switch (choices.below(8)) {
        case 0 -> {
          if (choices.oneIn(2)) {
            out.op(Scope.LOCAL_GET, scope.frame());
          } else {
            expression.computedAddress(1);
          }
          out.op(Scope.LOCAL_SET, scope.frame());
        }
        case 1, 2, 3 -> store(1);
        default -> {
          byte type = expression.type();
          expression.load(type);
          expression.set(type);
        }
      }
    }
  }

  private void branchIf() {
    int label = choices.below(scope.depth());
    byte[] carried = scope.carried(label);
    values(carried, 2);
    expression.condition(2);
    out.op(Scope.BR_IF, label);
    sets(carried);
  }

  private void leave() {
    values(scope.type.results(), 2);
    if (choices.below(2) == 0) {
      out.u8(Scope.RETURN);
    } else {
      out.op(Scope.BR, scope.depth() - 1);
    }
  }

  private void conditional(int depth) {
    expression.condition(2);
    scope.open(Scope.IF);
    statements(depth + 1);
    boolean leaves = choices.oneIn(6);
    if (choices.below(2) == 1) {
      if (leaves) {
        leave();
      }
      out.u8(Scope.ELSE);
      statements(depth + 1);
    } else if (leaves) {
      leave();
    }
    scope.close();
  }

  /** Goes round while there is fuel and the condition holds. */
  private void loop(int depth) {
    scope.open(Scope.BLOCK);
    scope.open(Scope.LOOP);
    scope.burn();
    out.op(Scope.BR_IF, 1);
    statements(depth + 1);
    if (choices.oneIn(4)) {
      // back from the inside of another block
      scope.open(Scope.BLOCK);
      statements(depth + 1);
      expression.condition(2);
      out.op(Scope.BR_IF, 1);
      scope.close();
    }
    expression.condition(2);
    out.op(Scope.BR_IF, 0);
    scope.close();
    scope.close();
  }

  /** Goes round a few times, by a counter that only its head sets. */
  private void counted(int depth) {
    int local = depth == 0 ? counter : scope.local(I32);
    out.u8(0x41, 1 + choices.below(5)).op(Scope.LOCAL_SET, local);
    scope.open(Scope.BLOCK);
    scope.open(Scope.LOOP);
    out.op(Scope.LOCAL_GET, local).u8(0x41, 1, 0x6b).op(Scope.LOCAL_TEE, local);
    out.u8(0x45).op(Scope.BR_IF, 1);
    // Whatever else sets the counter, fuel ends it.
    scope.burn();
    out.op(Scope.BR_IF, 1);
    statements(depth + 1);
    out.op(Scope.BR, 0);
    scope.close();
    scope.close();
  }

  private void loopWithResult(int depth) {
    byte result = expression.type();
    scope.open(Scope.LOOP, result);
    scope.burn();
    out.u8(0x45);
    scope.open(Scope.IF);
    statements(depth + 1);
    expression.condition(2);
    out.op(Scope.BR_IF, 1);
    scope.close();
    expression.of(result, 3);
    scope.close();
    expression.set(result);
  }

  private void valueBlock(int depth) {
    byte result = expression.type();
    scope.open(Scope.BLOCK, result);
    statements(depth + 1);
    if (choices.below(2) == 1) {
      expression.of(result, 2);
      expression.condition(2);
      out.op(Scope.BR_IF, 0).u8(Scope.DROP);
    }
    expression.of(result, 3);
    scope.close();
    expression.set(result);
  }

  /** A block or loop with parameters and results. */
  private void manyValues(int depth) {
    if (!exotic) {
      valueBlock(depth);
      return;
    }
    byte[] params = some();
    byte[] results = some();
    values(params, 2);
    boolean loops = choices.oneIn(3);
    scope.open(loops ? Scope.LOOP : Scope.BLOCK, params, results);
    sets(params);
    if (loops) {
      scope.burn();
      out.u8(0x45);
      scope.open(Scope.IF);
      values(params, 1);
      expression.condition(1);
      out.op(Scope.BR_IF, 1);
      sets(params);
      scope.close();
    }
    statements(depth + 1);
    values(results, 2);
    scope.close();
    sets(results);
  }

  private byte[] some() {
    var types = new byte[choices.below(4)];
    for (int i = 0; i < types.length; i++) {
      types[i] = expression.type();
    }
    return types;
  }

  private void rareTrap() {
    expression.of(I32, 2);
    out.u8(0x41).s64(0xff).u8(0x71).u8(0x45);
    scope.open(Scope.IF);
    out.u8(0x00);
    scope.close();
  }

  /** A length: nearly always short. */
  private void length() {
    expression.of(I32, 1);
    out.u8(0x41).s64(choices.oneIn(100) ? -1 : 0xff).u8(0x71);
  }

  private void bulk() {
    if (!module.hasMemory()) {
      return;
    }
    switch (choices.below(4)) {
      case 0 -> {
        expression.address(1);
        expression.of(I32, 1);
        length();
        out.op(0xfc0b, 0);
      }
      case 1 -> {
        expression.address(1);
        expression.address(1);
        length();
        out.op(0xfc0a, 0, 0);
      }
      case 2 -> {
        // Segment 1 until it is dropped; 0 was, when it had been copied.
        expression.address(1);
        out.u8(0x41).s64(choices.below(40)).u8(0x41).s64(choices.below(60));
        out.op(0xfc08, choices.oneIn(30) ? 0 : 1, 0);
      }
      default -> {
        if (choices.oneIn(8)) {
          out.op(0xfc09, choices.below(2));
        }
      }
    }
  }

  private void place(int table) {
    expression.of(I32, 1);
    out.u8(0x41).s64(choices.oneIn(20) ? 0x3ff : module.tableMask(table) >> 1).u8(0x71);
  }

  private void table() {
    if (!module.tablesChange()) {
      return;
    }
    int table = module.anyTable();
    switch (choices.below(8)) {
      case 0 -> {
        place(table);
        function();
        out.op(0x26, table);
      }
      case 1 -> {
        int other = module.anyTable();
        place(table);
        place(other);
        out.u8(0x41, choices.below(4));
        out.op(0xfc0e, table, other);
      }
      case 2 -> {
        place(table);
        function();
        out.u8(0x41, choices.below(4)).op(0xfc11, table);
      }
      case 3 -> {
        function();
        out.u8(0x41, choices.below(4)).op(0xfc0f, table);
        expression.set(I32);
      }
      case 4 -> {
        place(table);
        out.u8(0x41, 0, 0x41, choices.below(2)).op(0xfc0c, 0, table);
      }
      case 5 -> {
        if (choices.oneIn(10)) {
          out.op(0xfc0d, 0);
        }
      }
      default -> {
        place(table);
        place(table);
        out.op(0x25, table).op(0x26, table);
      }
    }
  }

  /** A reference to a function, or none. */
  private void function() {
    int function = module.referred();
    if (function < 0) {
      out.u8(0xd0, FUNCREF);
    } else {
      out.op(0xd2, function);
    }
  }

  private void call() {
    int callee = choices.below(module.functionCount());
    expression.call(callee, 2);
    sets(module.typeOf(callee).results());
  }

  private void reference() {
    if (!exotic) {
      move();
      return;
    }
    switch (choices.below(6)) {
      case 0 -> {
        function();
        out.op(Scope.LOCAL_SET, funcref);
      }
      case 1 -> {
        out.op(Scope.LOCAL_GET, funcref).u8(0xd1);
        expression.set(I32);
      }
      case 2 -> {
        out.op(Scope.LOCAL_GET, funcref).op(Scope.GLOBAL_SET, module.variable(FUNCREF));
      }
      case 3 -> {
        out.op(Scope.GLOBAL_GET, module.variable(FUNCREF)).op(Scope.LOCAL_GET, funcref);
        expression.condition(1);
        out.u8(0x1c, 1, FUNCREF).op(Scope.LOCAL_SET, funcref);
      }
      case 4 -> {
        out.op(Scope.LOCAL_GET, externref).op(Scope.GLOBAL_SET, module.variable(EXTERNREF));
      }
      default -> {
        out.u8(0xd0, EXTERNREF).op(Scope.LOCAL_SET, externref);
      }
    }
  }

  private void tailCall() {
    if (!exotic) {
      rareTrap();
      return;
    }
    int first = choices.below(module.functionCount());
    for (int i = 0; i < module.functionCount(); i++) {
      int callee = (first + i) % module.functionCount();
      if (Arrays.equals(module.typeOf(callee).results(), scope.type.results())) {
        expression.condition(1);
        scope.open(Scope.IF);
        expression.arguments(callee, 1);
        if (module.tailCalls()) {
          expression.callee(callee, 1, 0x12, 0x13);
        } else {
          expression.callee(callee, 1, 0x10, 0x11);
          out.u8(Scope.RETURN);
        }
        scope.close();
        return;
      }
    }
  }

  private void throwing() {
    if (!exotic) {
      conditional(DEEPEST);
      return;
    }
    expression.condition(2);
    scope.open(Scope.IF);
    if (choices.below(2) == 0) {
      out.u8(0x08, 0);
    } else {
      expression.of(I32, 1);
      expression.observed(F64, 1);
      out.u8(0x08, 1);
    }
    scope.close();
  }

  private void catching(int depth) {
    if (!exotic || dead) {
      conditional(depth);
      return;
    }
    byte[] carried = {I32, F64};
    scope.open(Scope.BLOCK, carried);
    scope.open(Scope.BLOCK);
    // Of the tags, some are caught here.
    int clauses = choices.below(4);
    out.u8(0x1f, Type.EMPTY);
    switch (clauses) {
      case 0 -> out.u8(1, 0x00, 1, 1);
      case 1 -> out.u8(2, 0x00, 0, 0, 0x00, 1, 1);
      case 2 -> out.u8(1, 0x02, 0);
      default -> out.u8(2, 0x00, 1, 1, 0x02, 0);
    }
    scope.opened(Type.NONE);
    // The engine's compiler fails at a body that becomes no code.
    out.op(Scope.GLOBAL_GET, GeneratedModule.FUEL_GLOBAL).u8(Scope.DROP);
    statements(depth + 1);
    throwing();
    scope.close();
    scope.close();
    values(carried, 1);
    scope.close();
    sets(carried);
  }

  /** Code behind what never comes back. */
  private void dead(int depth) {
    expression.condition(2);
    scope.open(Scope.IF);
    leave();
    boolean outer = dead;
    dead = true;
    statements(depth + 1);
    dead = outer;
    scope.close();
  }
}
