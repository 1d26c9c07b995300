package dev.vivarium.conformance.peer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Exports every function of a module, so that each can be called; nothing else of it changes. */
final class ExportedFunctions {
  private static final int HEADER = 8;
  private static final int EXPORT = 7;

  private final byte[] bytes;
  private int position = HEADER;

  private ExportedFunctions(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The module with more exports.
   *
   * @param from the first function that is exported
   * @param to the one behind the last
   */
  static byte[] of(byte[] module, int from, int to) {
    return new ExportedFunctions(module).add(from, to);
  }

  /** What a function is exported as. */
  static String name(int function) {
    return "corpus." + function;
  }

  private byte[] add(int from, int to) {
    var out = new ByteArrayOutputStream(bytes.length + (1 << 20));
    out.write(bytes, 0, HEADER);
    while (position < bytes.length) {
      int id = bytes[position++];
      int size = number();
      int end = position + size;
      var contents = new ByteArrayOutputStream();
      if (id == EXPORT) {
        number(contents, number() + to - from);
        contents.write(bytes, position, end - position);
        for (int function = from; function < to; function++) {
          var name = name(function).getBytes(StandardCharsets.UTF_8);
          number(contents, name.length);
          contents.writeBytes(name);
          contents.write(0);
          number(contents, function);
        }
      } else {
        contents.write(bytes, position, size);
      }
      out.write(id);
      number(out, contents.size());
      out.writeBytes(contents.toByteArray());
      position = end;
    }
    return out.toByteArray();
  }

  private int number() {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      int octet = bytes[position++];
      value |= (octet & 0x7f) << shift;
      if (octet >= 0) {
        return value;
      }
    }
  }

  private static void number(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >>> 7 != 0) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
