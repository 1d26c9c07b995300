package dev.vivarium.engine.split;

import java.util.Arrays;

/** A growing buffer with wasm's integer encodings. */
final class WasmWriter {
  private byte[] bytes;
  private int size;

  WasmWriter(int capacity) {
    bytes = new byte[Math.max(16, capacity)];
  }

  int size() {
    return size;
  }

  WasmWriter u8(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  WasmWriter u32(int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return u8(rest);
  }

  WasmWriter s64(long value) {
    long rest = value;
    while (true) {
      int low = (int) (rest & 0x7f);
      rest >>= 7;
      if ((rest == 0 && (low & 0x40) == 0) || (rest == -1 && (low & 0x40) != 0)) {
        return u8(low);
      }
      u8(low | 0x80);
    }
  }

  WasmWriter fixed(long value, int width) {
    for (int i = 0; i < width; i++) {
      u8((int) (value >>> (8 * i)));
    }
    return this;
  }

  WasmWriter raw(byte[] data, int from, int to) {
    room(to - from);
    System.arraycopy(data, from, bytes, size, to - from);
    size += to - from;
    return this;
  }

  /** Appends the other buffer with its length before it. */
  WasmWriter sized(WasmWriter other) {
    u32(other.size);
    return raw(other.bytes, 0, other.size);
  }

  WasmWriter all(WasmWriter other) {
    return raw(other.bytes, 0, other.size);
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
