package dev.vivarium.engine.split;

import java.util.Arrays;

/**
 * A cursor over wasm binary data; every read is bounds-checked and fails with {@link
 * MalformedModuleException}.
 */
final class WasmReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  WasmReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  int position() {
    return position;
  }

  boolean atEnd() {
    return position >= end;
  }

  int u8() {
    if (position >= end) {
      throw new MalformedModuleException("unexpected end at byte " + position);
    }
    return bytes[position++] & 0xff;
  }

  /** An unsigned LEB128 of at most 32 bits. */
  int u32() {
    long value = leb(5, false);
    if (value < 0 || value > 0xffff_ffffL) {
      throw new MalformedModuleException("integer too large before byte " + position);
    }
    return (int) value;
  }

  /** A count or a length: a {@link #u32} that fits into what is left of the data. */
  int count() {
    int value = u32();
    if (value < 0 || value > end - position) {
      throw new MalformedModuleException("length out of bounds before byte " + position);
    }
    return value;
  }

  long s32() {
    return (int) leb(5, true);
  }

  long s64() {
    return leb(10, true);
  }

  long fixed(int size) {
    if (size > end - position) {
      throw new MalformedModuleException("unexpected end at byte " + position);
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[position++] & 0xffL) << (8 * i);
    }
    return value;
  }

  void skip(int size) {
    if (size < 0 || size > end - position) {
      throw new MalformedModuleException("length out of bounds before byte " + position);
    }
    position += size;
  }

  byte[] slice(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /** A reader of the next {@code size} bytes, which this reader then skips. */
  WasmReader sub(int size) {
    int start = position;
    skip(size);
    return new WasmReader(bytes, start, position);
  }

  private long leb(int maxBytes, boolean signed) {
    long value = 0;
    int shift = 0;
    for (int i = 0; i < maxBytes; i++) {
      int b = u8();
      value |= (b & 0x7fL) << shift;
      shift += 7;
      if ((b & 0x80) == 0) {
        if (signed && shift < 64 && (b & 0x40) != 0) {
          value |= -1L << shift;
        }
        return value;
      }
    }
    throw new MalformedModuleException("integer too long before byte " + position);
  }
}
