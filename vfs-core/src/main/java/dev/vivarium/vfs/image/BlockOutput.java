package dev.vivarium.vfs.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.zip.Deflater;

/** The framing of an image as it is written: header, compressed blocks, end and digest. */
final class BlockOutput implements AutoCloseable {
  private final OutputStream raw;
  private final MessageDigest digest = ImageFormat.digest();
  private final OutputStream out;
  private final Deflater deflater = new Deflater(6, true);
  private final byte[] block = new byte[ImageFormat.BLOCK];
  private final byte[] packed = new byte[ImageFormat.BLOCK - 1];
  private int filled;

  /** Writes the header. */
  BlockOutput(OutputStream raw) throws IOException {
    this.raw = raw;
    this.out = new DigestOutputStream(raw, digest);
    out.write(ImageFormat.magic());
    out.write(ImageFormat.VERSION);
  }

  void writeByte(int value) throws IOException {
    if (filled == block.length) {
      flushBlock();
    }
    block[filled++] = (byte) value;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      if (filled == block.length) {
        flushBlock();
      }
      int count = Math.min(end - from, block.length - filled);
      System.arraycopy(bytes, from, block, filled, count);
      filled += count;
      from += count;
    }
  }

  /** Unsigned LEB128. */
  void writeNumber(long value) throws IOException {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      writeByte(((int) rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    writeByte((int) rest);
  }

  /** Zigzag, so that times before the epoch stay short. */
  void writeSigned(long value) throws IOException {
    writeNumber((value << 1) ^ (value >> 63));
  }

  /** A length and so many bytes. */
  void writeBytes(byte[] bytes) throws IOException {
    writeNumber(bytes.length);
    write(bytes, 0, bytes.length);
  }

  /** Writes what is left, the end and the digest; nothing may follow. */
  void finish() throws IOException {
    if (filled > 0) {
      flushBlock();
    }
    writeInt(0);
    raw.write(digest.digest());
    raw.flush();
  }

  private void flushBlock() throws IOException {
    deflater.reset();
    deflater.setInput(block, 0, filled);
    deflater.finish();
    // Room for one byte less than the block: what does not get smaller is stored as it is.
    int stored = deflater.deflate(packed, 0, Math.min(packed.length, filled - 1));
    writeInt(filled);
    if (deflater.finished()) {
      writeInt(stored);
      out.write(packed, 0, stored);
    } else {
      writeInt(filled);
      out.write(block, 0, filled);
    }
    filled = 0;
  }

  private void writeInt(int value) throws IOException {
    out.write(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  /** Frees the compressor; leaves the stream open. */
  @Override
  public void close() {
    deflater.end();
  }
}
