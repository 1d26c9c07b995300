package dev.vivarium.engine.split;

import java.util.Arrays;

/**
 * A function being rewritten: its type, the types of all its locals (parameters first), its code.
 */
final class Func {
  final FuncType type;
  final Block root;
  private byte[] locals;
  private int localCount;

  Func(FuncType type, byte[] locals, int localCount, Block root) {
    this.type = type;
    this.locals = locals;
    this.localCount = localCount;
    this.root = root;
  }

  int paramCount() {
    return type.params.length;
  }

  int localCount() {
    return localCount;
  }

  byte localType(int index) {
    if (index < 0 || index >= localCount) {
      throw new MalformedModuleException("unknown local " + index);
    }
    return locals[index];
  }

  int addLocal(byte valueType) {
    if (localCount == locals.length) {
      locals = Arrays.copyOf(locals, Math.max(8, localCount * 2));
    }
    locals[localCount] = valueType;
    return localCount++;
  }

  /** Replaces the locals after the parameters. */
  void setLocals(byte[] types, int count) {
    locals = types;
    localCount = count;
  }
}
