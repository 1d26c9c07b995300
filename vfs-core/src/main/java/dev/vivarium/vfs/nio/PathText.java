package dev.vivarium.vfs.nio;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.util.Arrays;

/**
 * Names are bytes, and a {@link java.nio.file.Path} has text: UTF-8, where each byte that is not
 * part of any well-formed character becomes the lone surrogate U+DC00 + byte, and back
 * ("surrogateescape", as CPython has it). So every name has a text that leads to it again.
 */
final class PathText {
  private static final int ESCAPE = 0xDC00;

  private PathText() {}

  /** The text of bytes; never fails. */
  static String decode(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] < 0) {
        return decodeBeyondAscii(bytes, offset, length);
      }
    }
    return new String(bytes, offset, length, StandardCharsets.US_ASCII);
  }

  static String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  private static String decodeBeyondAscii(byte[] bytes, int offset, int length) {
    var decoder = StandardCharsets.UTF_8.newDecoder();
    var in = ByteBuffer.wrap(bytes, offset, length);
    // No byte becomes more than one char.
    var out = CharBuffer.allocate(length);
    while (true) {
      var result = decoder.decode(in, out, true);
      if (!result.isError()) {
        return out.flip().toString();
      }
      for (int left = result.length(); left > 0; left--) {
        out.put((char) (ESCAPE | (in.get() & 0xFF)));
      }
      decoder.reset();
    }
  }

  /**
   * The bytes of a text.
   *
   * @throws InvalidPathException if it has a surrogate that stands for nothing, or a NUL
   */
  static byte[] encode(String text) {
    int length = text.length();
    var ascii = new byte[length];
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw new InvalidPathException(text, "Nul character not allowed", i);
      }
      if (c >= 0x80) {
        return encodeBeyondAscii(text);
      }
      ascii[i] = (byte) c;
    }
    return ascii;
  }

  private static byte[] encodeBeyondAscii(String text) {
    var encoder = StandardCharsets.UTF_8.newEncoder();
    var in = CharBuffer.wrap(text);
    var out = ByteBuffer.allocate(Math.multiplyExact(3, text.length()));
    while (true) {
      var result = encoder.encode(in, out, true);
      if (!result.isError()) {
        break;
      }
      char c = in.get();
      if (c < ESCAPE + 0x80 || c > ESCAPE + 0xFF) {
        throw new InvalidPathException(text, "Malformed input", in.position() - 1);
      }
      out.put((byte) c);
      encoder.reset();
    }
    for (int i = 0; i < out.position(); i++) {
      if (out.get(i) == 0) {
        throw new InvalidPathException(text, "Nul character not allowed");
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }
}
