package dev.vivarium.vfs.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The framing of an image as it is read. Holds one block at a time, whatever lengths the file
 * names.
 */
final class BlockInput implements AutoCloseable {
  private final InputStream raw;
  private final MessageDigest digest = ImageFormat.digest();
  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final byte[] block = new byte[ImageFormat.BLOCK];
  private final byte[] packed = new byte[ImageFormat.BLOCK];
  private final byte[] excess = new byte[1];
  private int position;
  private int limit;

  BlockInput(InputStream raw) {
    this.raw = raw;
    this.in = new DigestInputStream(raw, digest);
  }

  void readHeader() throws IOException {
    for (byte expected : ImageFormat.magic()) {
      if (in.read() != (expected & 0xFF)) {
        throw new ImageFormatException("not a Vivarium image");
      }
    }
    int version = in.read();
    if (version < 0) {
      throw truncated();
    }
    if (version != ImageFormat.VERSION) {
      throw new ImageFormatException(
          "the image has format version "
              + version
              + ", and this is a reader of version "
              + ImageFormat.VERSION);
    }
  }

  int readByte() throws IOException {
    if (position == limit) {
      nextBlock();
    }
    return block[position++] & 0xFF;
  }

  void read(byte[] buffer, int offset, int length) throws IOException {
    int to = offset;
    int end = offset + length;
    while (to < end) {
      if (position == limit) {
        nextBlock();
      }
      int count = Math.min(end - to, limit - position);
      System.arraycopy(block, position, buffer, to, count);
      position += count;
      to += count;
    }
  }

  /** Unsigned LEB128 in its shortest form; values from 2^63 on come out negative. */
  long readNumber() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = readByte();
      long bits = next & 0x7F;
      if (shift == 63 && bits > 1) {
        break;
      }
      value |= bits << shift;
      if ((next & 0x80) == 0) {
        if (next == 0 && shift > 0) {
          break;
        }
        return value;
      }
    }
    throw damaged("a number in no valid form");
  }

  /**
   * A number within bounds.
   *
   * @param what the name of the number, for people
   */
  long readNumber(String what, long least, long most) throws IOException {
    long value = readNumber();
    if (value < least || value > most) {
      throw damaged(what + " out of range: " + Long.toUnsignedString(value));
    }
    return value;
  }

  long readSigned() throws IOException {
    long value = readNumber();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A length within bounds, and so many bytes. */
  byte[] readBytes(String what, int most) throws IOException {
    return readBytes(what, 1, most);
  }

  byte[] readBytes(String what, int least, int most) throws IOException {
    var bytes = new byte[(int) readNumber(what + " length", least, most)];
    read(bytes, 0, bytes.length);
    return bytes;
  }

  /** Checks that the blocks end here, that the digest is right and that nothing follows it. */
  void finish() throws IOException {
    if (position != limit || readInt() != 0) {
      throw damaged("something follows the tree");
    }
    byte[] computed = digest.digest();
    byte[] stored = raw.readNBytes(computed.length);
    if (stored.length < computed.length) {
      throw truncated();
    }
    if (!MessageDigest.isEqual(stored, computed)) {
      throw damaged("its digest is wrong");
    }
    if (raw.read() >= 0) {
      throw damaged("something follows its digest");
    }
  }

  private void nextBlock() throws IOException {
    int decoded = readInt();
    if (decoded == 0) {
      throw damaged("the tree is not complete");
    }
    if (decoded < 0 || decoded > ImageFormat.BLOCK) {
      throw damaged("block length out of range: " + Integer.toUnsignedString(decoded));
    }
    int stored = readInt();
    if (stored <= 0 || stored > decoded) {
      throw damaged("stored block length out of range: " + Integer.toUnsignedString(stored));
    }
    if (in.readNBytes(packed, 0, stored) < stored) {
      throw truncated();
    }
    if (stored == decoded) {
      System.arraycopy(packed, 0, block, 0, stored);
    } else {
      inflate(stored, decoded);
    }
    position = 0;
    limit = decoded;
  }

  private void inflate(int stored, int decoded) throws IOException {
    inflater.reset();
    inflater.setInput(packed, 0, stored);
    try {
      int length = 0;
      while (length < decoded) {
        int count = inflater.inflate(block, length, decoded - length);
        if (count == 0) {
          throw damaged("a block that does not decompress to its length");
        }
        length += count;
      }
      // The end marker may still be to come; it must yield no further byte.
      if ((!inflater.finished() && inflater.inflate(excess) != 0) || !inflater.finished()) {
        throw damaged("a block that does not decompress to its length");
      }
    } catch (DataFormatException e) {
      throw new ImageFormatException("the image is damaged: a block that does not decompress", e);
    }
    if (inflater.getRemaining() != 0) {
      throw damaged("a block that is shorter than its stored length");
    }
  }

  private int readInt() throws IOException {
    byte[] bytes = in.readNBytes(Integer.BYTES);
    if (bytes.length < Integer.BYTES) {
      throw truncated();
    }
    return ByteBuffer.wrap(bytes).getInt();
  }

  static ImageFormatException damaged(String how) {
    return new ImageFormatException("the image is damaged: " + how);
  }

  private static ImageFormatException truncated() {
    return new ImageFormatException("the image is truncated");
  }

  /** Frees the decompressor; leaves the stream open. */
  @Override
  public void close() {
    inflater.end();
  }
}
