package dev.vivarium.engine.chicory;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/**
 * Writes a prepared module: named parts, one behind the other as they become ready, then the index
 * of them, then a footer that vouches for all of it. {@link Entry} reads it.
 *
 * <p>Safe for use by many threads.
 */
final class EntryWriter {
  static final long MAGIC = 0x56_49_56_4D_4F_44_30_31L; // "VIVMOD01"

  /** The index's offset and length, the magic number and the checksum of all before it. */
  static final int FOOTER_BYTES = 8 + 4 + 8 + 4;

  private final CRC32 checksum = new CRC32();
  private final DataOutputStream out;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private long position;

  /** Where a part is. */
  record Part(long offset, int length) {}

  EntryWriter(OutputStream out) {
    this.out = new DataOutputStream(new CheckedOutputStream(out, checksum));
  }

  synchronized void put(String name, byte[] bytes) throws IOException {
    out.write(bytes);
    if (parts.put(name, new Part(position, bytes.length)) != null) {
      throw new IllegalStateException("two parts are named " + name);
    }
    position += bytes.length;
  }

  /** Writes what makes the parts an entry. Does not close the stream. */
  synchronized void finish() throws IOException {
    out.flush();
    int before = out.size();
    out.writeInt(parts.size());
    for (var part : parts.entrySet()) {
      out.writeUTF(part.getKey());
      out.writeLong(part.getValue().offset());
      out.writeInt(part.getValue().length());
    }
    int indexLength = out.size() - before;
    out.writeLong(position);
    out.writeInt(indexLength);
    out.writeLong(MAGIC);
    out.flush();
    out.writeInt((int) checksum.getValue());
    out.flush();
  }
}
