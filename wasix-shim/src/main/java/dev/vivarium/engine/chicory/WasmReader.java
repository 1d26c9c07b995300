package dev.vivarium.engine.chicory;

import dev.vivarium.engine.InvalidModuleException;

/** A cursor over a binary module that never leaves its bounds. */
final class WasmReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  WasmReader(byte[] bytes, int position, int end) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  int position() {
    return position;
  }

  boolean atEnd() {
    return position == end;
  }

  int readByte() throws InvalidModuleException {
    if (position >= end) {
      throw truncated();
    }
    return bytes[position++] & 0xFF;
  }

  /** Reads an unsigned LEB128 number that must fit an {@code int}. */
  int readSize() throws InvalidModuleException {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int octet = readByte();
      value |= (long) (octet & 0x7F) << shift;
      if ((octet & 0x80) == 0) {
        if (value > Integer.MAX_VALUE) {
          break;
        }
        return (int) value;
      }
    }
    throw new InvalidModuleException("a number in the module is out of range", null);
  }

  /** Skips a LEB128 number of any width. */
  void skipNumber() throws InvalidModuleException {
    while ((readByte() & 0x80) != 0) {
      continue;
    }
  }

  int remaining() {
    return end - position;
  }

  void skip(int length) throws InvalidModuleException {
    if (length < 0 || length > end - position) {
      throw truncated();
    }
    position += length;
  }

  private static InvalidModuleException truncated() {
    return new InvalidModuleException("the module ends in the middle of a section", null);
  }
}
