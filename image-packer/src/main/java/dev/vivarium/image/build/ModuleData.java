package dev.vivarium.image.build;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What a module puts into its memory at its start: the active segments of its data section. A
 * module with another kind of segments is refused, because its code could name them by number.
 */
final class ModuleData {
  private static final int HEADER = 8;
  private static final int DATA = 11;
  private static final int I32_CONST = 0x41;
  private static final int END = 0x0B;

  private final byte[] wasm;
  private final int sectionStart;
  private final int sectionEnd;
  private final List<Segment> segments = new ArrayList<>();
  private int at;

  /** Bytes of the module, and the address that they get. */
  private record Segment(long address, int from, int length) {
    long end() {
      return address + length;
    }
  }

  /**
   * Reads a module.
   *
   * @throws IllegalArgumentException if it is none, or has data that this cannot change
   */
  ModuleData(byte[] wasm) {
    this.wasm = wasm;
    at = HEADER;
    int start = at;
    while (number(1) != DATA) {
      int size = (int) number(5);
      at = Math.addExact(at, size);
      start = at;
    }
    sectionStart = start;
    int size = (int) number(5);
    sectionEnd = Math.addExact(at, size);
    for (long left = number(5); left > 0; left--) {
      readSegment();
    }
    if (at != sectionEnd || sectionEnd > wasm.length) {
      throw new IllegalArgumentException("a data section that ends elsewhere");
    }
  }

  private void readSegment() {
    if (number(1) != 0 || number(1) != I32_CONST) {
      throw new IllegalArgumentException("a data segment without a place of its own");
    }
    long address = address();
    if (number(1) != END) {
      throw new IllegalArgumentException("a data segment whose place is computed");
    }
    int length = (int) number(5);
    segments.add(new Segment(address, at, length));
    at = Math.addExact(at, length);
  }

  /** An unsigned number of so many bytes at most. */
  private long number(int most) {
    long value = 0;
    for (int i = 0; i < most; i++) {
      byte b = next();
      value |= (b & 0x7FL) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of too many bytes");
  }

  /** A signed number, as the unsigned address that it is meant for. */
  private long address() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = next();
      value |= (b & 0x7FL) << shift;
      if (b >= 0) {
        boolean negative = (b & 0x40) != 0;
        return (negative ? value | -1L << (shift + 7) : value) & 0xFFFF_FFFFL;
      }
    }
  }

  private byte next() {
    if (at < 0 || at >= wasm.length) {
      throw new IllegalArgumentException("a module that is cut short, or without data");
    }
    return wasm[at++];
  }

  /** What the memory has from an address on; zero where no segment is. */
  byte[] read(long address, int length) {
    var bytes = new byte[length];
    for (var segment : segments) {
      long from = Math.max(address, segment.address);
      long to = Math.min(address + length, segment.end());
      if (from < to) {
        System.arraycopy(
            wasm,
            segment.from + (int) (from - segment.address),
            bytes,
            (int) (from - address),
            (int) (to - from));
      }
    }
    return bytes;
  }

  /**
   * The module with other content in a part of its memory, which is zero up to where the content
   * begins. All else keeps its place.
   *
   * @param content goes to the end of the part
   */
  byte[] replace(long address, int length, byte[] content) {
    long end = address + length;
    var section = new ByteArrayOutputStream();
    int count = 0;
    for (var segment : segments) {
      count += put(section, segment, segment.address, Math.min(segment.end(), address));
      count += put(section, segment, Math.max(segment.address, end), segment.end());
    }
    putHeader(section, end - content.length, content.length);
    section.writeBytes(content);
    count++;

    var counted = new ByteArrayOutputStream();
    putNumber(counted, count);
    var out = new ByteArrayOutputStream(wasm.length);
    out.write(wasm, 0, sectionStart);
    out.write(DATA);
    putNumber(out, counted.size() + section.size());
    out.writeBytes(counted.toByteArray());
    out.writeBytes(section.toByteArray());
    out.write(wasm, sectionEnd, wasm.length - sectionEnd);
    return out.toByteArray();
  }

  /** Puts the part of a segment between two addresses; how many segments that makes. */
  private int put(ByteArrayOutputStream out, Segment segment, long from, long to) {
    if (from >= to) {
      return 0;
    }
    putHeader(out, from, (int) (to - from));
    out.write(wasm, segment.from + (int) (from - segment.address), (int) (to - from));
    return 1;
  }

  private static void putHeader(ByteArrayOutputStream out, long address, int length) {
    out.write(0);
    out.write(I32_CONST);
    putSigned(out, (int) address);
    out.write(END);
    putNumber(out, length);
  }

  private static void putNumber(ByteArrayOutputStream out, int value) {
    int left = value;
    while (left >>> 7 != 0) {
      out.write((left & 0x7F) | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }

  private static void putSigned(ByteArrayOutputStream out, int value) {
    int left = value;
    while (left < -0x40 || left >= 0x40) {
      out.write((left & 0x7F) | 0x80);
      left >>= 7;
    }
    out.write(left & 0x7F);
  }
}
