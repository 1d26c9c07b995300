package dev.vivarium.wasi.call;

import dev.vivarium.engine.GuestMemory;
import java.util.List;

/**
 * Strings as {@code args_get} and {@code environ_get} lay them out: one block of NUL-terminated
 * texts, and pointers into it. Laid out once, for runtimes ask for the sizes hundreds of times.
 */
final class StringTable {
  private final List<byte[]> strings;
  private final int[] offsets;
  private final byte[] block;

  StringTable(List<byte[]> strings) {
    this.strings = strings;
    offsets = new int[strings.size()];
    int size = 0;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = size;
      size = Math.addExact(size, strings.get(i).length + 1);
    }
    block = new byte[size];
    for (int i = 0; i < offsets.length; i++) {
      var string = strings.get(i);
      System.arraycopy(string, 0, block, offsets[i], string.length);
    }
  }

  /** Whether it was made of this very list. */
  boolean isOf(List<byte[]> list) {
    return strings == list;
  }

  int count() {
    return offsets.length;
  }

  /** The bytes of all strings with their terminators. */
  int size() {
    return block.length;
  }

  /** Writes the pointers and the block, or neither. */
  void write(GuestMemory memory, int pointers, int target) {
    memory.check(pointers, 4L * offsets.length);
    memory.check(target, block.length);
    memory.write(target, block, 0, block.length);
    for (int i = 0; i < offsets.length; i++) {
      memory.writeInt(pointers + 4 * i, target + offsets[i]);
    }
  }
}
