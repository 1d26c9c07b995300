package dev.vivarium.engine.generate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Bytes of a module as they are written; the encodings are the specification's. */
final class Code {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  Code u8(int... bytes) {
    for (int value : bytes) {
      out.write(value);
    }
    return this;
  }

  /** An instruction, with immediates that are unsigned numbers. */
  Code op(int opcode, int... immediates) {
    if (opcode > 0xff) {
      u8(opcode >> 8).u32(opcode & 0xff);
    } else {
      u8(opcode);
    }
    for (int immediate : immediates) {
      u32(immediate);
    }
    return this;
  }

  Code u32(int value) {
    int rest = value;
    while (rest >>> 7 != 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
    return this;
  }

  Code s64(long value) {
    long rest = value;
    while (rest < -64 || rest > 63) {
      out.write((int) (rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    out.write((int) (rest & 0x7f));
    return this;
  }

  Code fixed(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  Code all(Code other) {
    out.writeBytes(other.toByteArray());
    return this;
  }

  Code raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  Code sized(Code other) {
    return u32(other.out.size()).all(other);
  }

  Code types(byte[] types) {
    return u32(types.length).raw(types);
  }

  Code name(String name) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    return u32(bytes.length).raw(bytes);
  }

  int size() {
    return out.size();
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
