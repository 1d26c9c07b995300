package dev.vivarium.engine.generate;

import java.util.ArrayList;
import java.util.List;

/** A function that is being written: its code so far, its locals, and the labels that are open. */
final class Scope {
  static final int BLOCK = 0x02;
  static final int LOOP = 0x03;
  static final int IF = 0x04;
  static final int ELSE = 0x05;
  static final int END = 0x0b;
  static final int BR = 0x0c;
  static final int BR_IF = 0x0d;
  static final int BR_TABLE = 0x0e;
  static final int RETURN = 0x0f;
  static final int DROP = 0x1a;
  static final int SELECT = 0x1b;
  static final int LOCAL_GET = 0x20;
  static final int LOCAL_SET = 0x21;
  static final int LOCAL_TEE = 0x22;
  static final int GLOBAL_GET = 0x23;
  static final int GLOBAL_SET = 0x24;

  final GeneratedModule module;
  final Choices choices;
  final Type type;
  final Code out = new Code();
  private final List<Byte> locals = new ArrayList<>();

  /** Locals that only ever hold addresses that are inside the memory. */
  private final List<Integer> frames = new ArrayList<>();

  /** What branches to the open labels carry; innermost last. */
  private final List<byte[]> labels = new ArrayList<>();

  Scope(GeneratedModule module, Type type) {
    this.module = module;
    this.choices = module.choices;
    this.type = type;
    for (byte param : type.params()) {
      locals.add(param);
    }
    labels.add(type.results());
  }

  /** Adds a local; returns its index. */
  int local(byte localType) {
    locals.add(localType);
    return locals.size() - 1;
  }

  /** One of the two locals with addresses, as an unoptimised compiler has one for its variables. */
  int frame() {
    while (frames.size() < 2) {
      frames.add(local(Type.I32));
    }
    return frames.get(choices.below(2));
  }

  /** A local of the type that there is; -1 if there is none. */
  int anyLocal(byte wanted) {
    int from = choices.below(locals.size() + 1);
    for (int i = 0; i < locals.size(); i++) {
      int local = (from + i) % locals.size();
      if (locals.get(local) == wanted && !frames.contains(local)) {
        return local;
      }
    }
    return -1;
  }

  int depth() {
    return labels.size();
  }

  /** What a branch to a label carries, counted from the innermost. */
  byte[] carried(int label) {
    return labels.get(labels.size() - 1 - label);
  }

  void open(int opcode, byte... results) {
    open(opcode, Type.NONE, results);
  }

  /** Opens a block whose parameters are on the stack. */
  void open(int opcode, byte[] params, byte[] results) {
    out.u8(opcode);
    blockType(params, results);
    labels.add(opcode == LOOP ? params : results);
  }

  void blockType(byte[] params, byte[] results) {
    if (params.length == 0 && results.length <= 1) {
      out.u8(results.length == 0 ? Type.EMPTY : results[0]);
    } else {
      out.s64(module.type(new Type(params, results)));
    }
  }

  /** Notes a label that was opened by hand. */
  void opened(byte[] carried) {
    labels.add(carried);
  }

  void close() {
    out.u8(END);
    labels.remove(labels.size() - 1);
  }

  /** The whole body, of which this is the code. */
  Code body() {
    int params = type.params().length;
    var body = new Code().u32(locals.size() - params);
    for (byte local : locals.subList(params, locals.size())) {
      body.u32(1).u8(local);
    }
    return body.all(out).u8(END);
  }

  /**
   * Takes one unit of fuel; leaves 1 on the stack if none was left. Traps if there has been none
   * for 20,000 times: not all that goes round looks at the answer.
   */
  void burn() {
    out.op(GLOBAL_GET, GeneratedModule.FUEL_GLOBAL).u8(0x41, 1, 0x6b);
    out.op(GLOBAL_SET, GeneratedModule.FUEL_GLOBAL).op(GLOBAL_GET, GeneratedModule.FUEL_GLOBAL);
    out.u8(0x41, 0xe0, 0xe3, 0x7e, 0x48, 0x04, 0x40, 0x00, 0x0b);
    out.op(GLOBAL_GET, GeneratedModule.FUEL_GLOBAL).u8(0x41, 0, 0x48);
  }
}
