package dev.vivarium.vfs.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A part of an image's metadata that grows as it is written. */
final class Section {
  private static final int MOST = Integer.MAX_VALUE - 16;

  private ByteBuffer bytes = ByteBuffer.allocate(256);

  /** Where the next byte goes. */
  int position() {
    return bytes.position();
  }

  Section putShort(int value) throws IOException {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  Section putInt(int value) throws IOException {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  Section putLong(long value) throws IOException {
    room(Long.BYTES).putLong(value);
    return this;
  }

  Section put(byte[] value) throws IOException {
    room(value.length).put(value);
    return this;
  }

  /** Replaces what was put there. */
  void putInt(int at, int value) {
    bytes.putInt(at, value);
  }

  private ByteBuffer room(int more) throws IOException {
    if (bytes.remaining() < more) {
      long needed = (long) bytes.position() + more;
      if (needed > MOST) {
        throw new IOException("the tree has too many names for an image");
      }
      var grown = ByteBuffer.allocate((int) Math.min(MOST, Math.max(needed, 2L * bytes.limit())));
      bytes = grown.put(bytes.flip());
    }
    return bytes;
  }

  void addTo(CRC32C sum) {
    sum.update(bytes.array(), 0, bytes.position());
  }

  void writeTo(BlockOutput out) throws IOException {
    out.write(bytes.array(), 0, bytes.position());
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes.array(), 0, bytes.position());
  }
}
