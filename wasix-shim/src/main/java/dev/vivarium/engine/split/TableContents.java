package dev.vivarium.engine.split;

import java.util.Arrays;

/**
 * What stands in a module's table when the module has been instantiated, as far as it can be told
 * from the module. It is known only where one table is defined here, is not exported, and is filled
 * by active segments at constant places.
 */
final class TableContents {
  private static final int MAX_SIZE = 1 << 20;

  private int defined;
  private boolean unknown;
  private int[] functions = new int[0];

  void imported() {
    unknown = true;
  }

  void define(WasmReader in) {
    defined = in.count();
  }

  void exports(WasmReader in) {
    for (int n = in.count(); n > 0; n--) {
      in.skip(in.count());
      if (in.u8() == 1) {
        unknown = true;
      }
      in.u32();
    }
  }

  void elements(WasmReader in) {
    for (int n = in.count(); n > 0 && !unknown; n--) {
      if (in.u32() != 0 || in.u8() != Opcode.I32_CONST) {
        unknown = true;
        return;
      }
      long offset = in.s32() & 0xffff_ffffL;
      if (in.u8() != Opcode.END) {
        unknown = true;
        return;
      }
      segment(in, offset);
    }
  }

  private void segment(WasmReader in, long offset) {
    int count = in.count();
    if (offset + count > MAX_SIZE) {
      unknown = true;
      return;
    }
    int from = functions.length;
    if (offset + count > from) {
      functions = Arrays.copyOf(functions, (int) offset + count);
      Arrays.fill(functions, from, functions.length, -1);
    }
    for (int i = 0; i < count; i++) {
      functions[(int) offset + i] = in.u32();
    }
  }

  boolean known() {
    return !unknown && defined == 1;
  }

  int size() {
    return functions.length;
  }

  /** The function at a place, or -1. */
  int function(int place) {
    return functions[place];
  }
}
