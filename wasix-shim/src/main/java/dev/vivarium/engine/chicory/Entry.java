package dev.vivarium.engine.chicory;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A prepared module as {@link EntryWriter} wrote it: named parts, read where they lie.
 *
 * <p>A file is mapped, not read through a channel: classes are defined lazily by guest threads, and
 * an interrupt that meets a thread in a channel closes the channel for all. Replacing the file or
 * removing its name does not disturb a mapping.
 */
final class Entry {
  private final ByteBuffer bytes;
  private final Map<String, EntryWriter.Part> parts;

  private Entry(ByteBuffer bytes, Map<String, EntryWriter.Part> parts) {
    this.bytes = bytes;
    this.parts = parts;
  }

  /**
   * Maps a file.
   *
   * @return empty if there is no such file, or if what it contains was truncated or damaged
   */
  static Optional<Entry> open(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > Integer.MAX_VALUE || size < EntryWriter.FOOTER_BYTES) {
        return Optional.empty();
      }
      return of(channel.map(FileChannel.MapMode.READ_ONLY, 0, size));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Reads an entry in memory; empty if it is damaged. */
  static Optional<Entry> of(ByteBuffer bytes) {
    int footer = bytes.limit() - EntryWriter.FOOTER_BYTES;
    if (footer < 0 || bytes.getLong(footer + 12) != EntryWriter.MAGIC) {
      return Optional.empty();
    }
    var checksum = new CRC32();
    checksum.update(bytes.duplicate().position(0).limit(bytes.limit() - 4));
    if ((int) checksum.getValue() != bytes.getInt(bytes.limit() - 4)) {
      return Optional.empty();
    }
    long indexOffset = bytes.getLong(footer);
    int indexLength = bytes.getInt(footer + 8);
    if (indexOffset < 0 || indexLength < 0 || indexOffset + indexLength != footer) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Entry(bytes, readIndex(bytes, (int) indexOffset, indexLength)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Map<String, EntryWriter.Part> readIndex(ByteBuffer bytes, int offset, int length)
      throws IOException {
    var index = new byte[length];
    bytes.get(offset, index);
    var in = new DataInputStream(new ByteArrayInputStream(index));
    int count = in.readInt();
    var parts = new HashMap<String, EntryWriter.Part>();
    for (int i = 0; i < count; i++) {
      var name = in.readUTF();
      var part = new EntryWriter.Part(in.readLong(), in.readInt());
      if (part.offset() < 0 || part.length() < 0 || part.offset() + part.length() > offset) {
        throw new IOException("a part outside the file");
      }
      parts.put(name, part);
    }
    return parts;
  }

  /** A part's bytes, not copied; null if there is none of this name. */
  ByteBuffer part(String name) {
    var part = parts.get(name);
    return part == null ? null : bytes.slice((int) part.offset(), part.length());
  }

  /** A copy of a part's bytes; the part must exist. */
  byte[] copy(String name) {
    var part = part(name);
    if (part == null) {
      throw new IllegalStateException("a prepared module lacks its part " + name);
    }
    var copy = new byte[part.remaining()];
    part.get(copy);
    return copy;
  }
}
