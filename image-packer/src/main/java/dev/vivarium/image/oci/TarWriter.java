package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * Writes the ustar format of POSIX, with extended headers for what it has no room for: long names,
 * large numbers, fractions of a second, extended attributes. The same members give the same bytes.
 */
final class TarWriter {
  private static final int NAME_BYTES = 100;
  private static final long NANOS = 1_000_000_000L;

  private final OutputStream out;
  private final byte[] header = new byte[TarEntry.BLOCK];
  private long left;
  private int padding;

  TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes the head of a member; as many bytes as its size says have to follow. */
  void begin(TarEntry entry) throws IOException {
    endMember();
    var records = records(entry);
    if (records.length > 0) {
      fill("PaxHeaders/member".getBytes(US_ASCII), 'x', 0644, records.length);
      finish();
      out.write(records);
      out.write(new byte[padding(records.length)]);
    }
    fill(entry.name(), entry.kind(), entry.mode(), entry.size());
    octal(108, 8, entry.uid());
    octal(116, 8, entry.gid());
    octal(136, 12, Math.floorDiv(entry.mtime(), NANOS));
    System.arraycopy(entry.link(), 0, header, 157, Math.min(NAME_BYTES, entry.link().length));
    if (entry.kind() == TarEntry.CHARACTER_DEVICE || entry.kind() == TarEntry.BLOCK_DEVICE) {
      octal(329, 8, (entry.device() >>> 8) & 0xFFF);
      octal(337, 8, (entry.device() & 0xFF) | ((entry.device() >>> 12) & 0xFFF00));
    }
    finish();
    left = entry.size();
    padding = padding(entry.size());
  }

  /** Writes some of the content of the member that was begun last. */
  void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > left) {
      throw new IllegalArgumentException("more content than the member's size");
    }
    out.write(bytes, offset, length);
    left -= length;
  }

  /** Ends the archive, and leaves the stream open. */
  void end() throws IOException {
    endMember();
    out.write(new byte[2 * TarEntry.BLOCK]);
    out.flush();
  }

  private void endMember() throws IOException {
    if (left != 0) {
      throw new IllegalStateException("less content than the member's size");
    }
    out.write(new byte[padding]);
    padding = 0;
  }

  static int padding(long size) {
    return (int) (-size & (TarEntry.BLOCK - 1));
  }

  private void fill(byte[] name, char kind, int mode, long size) {
    Arrays.fill(header, (byte) 0);
    System.arraycopy(name, 0, header, 0, Math.min(NAME_BYTES, name.length));
    octal(100, 8, mode);
    octal(108, 8, 0);
    octal(116, 8, 0);
    octal(124, 12, size);
    octal(136, 12, 0);
    header[156] = (byte) kind;
    put(257, "ustar\00000");
    octal(329, 8, 0);
    octal(337, 8, 0);
  }

  private void finish() throws IOException {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xFF;
    }
    octal(148, 7, sum);
    header[154] = 0;
    out.write(header);
  }

  /** A number that fits, or zeros: an extended header has it then. */
  private void octal(int at, int width, long value) {
    int digits = width - 1;
    long shown = fits(value, digits) ? value : 0;
    for (int i = digits - 1; i >= 0; i--) {
      header[at + i] = (byte) ('0' + (shown & 7));
      shown >>>= 3;
    }
  }

  private static boolean fits(long value, int digits) {
    return value >= 0 && value < 1L << (3 * digits);
  }

  private void put(int at, String text) {
    byte[] bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** The records of an extended header; none if the member does not need one. */
  private static byte[] records(TarEntry entry) {
    var records = new ByteArrayOutputStream();
    if (entry.name().length > NAME_BYTES) {
      record(records, "path", entry.name());
    }
    if (entry.link().length > NAME_BYTES) {
      record(records, "linkpath", entry.link());
    }
    if (records.size() > 0 && !(isUtf8(entry.name()) && isUtf8(entry.link()))) {
      byte[] names = records.toByteArray();
      records.reset();
      record(records, "hdrcharset", "BINARY".getBytes(US_ASCII));
      records.writeBytes(names);
    }
    if (!fits(entry.size(), 11)) {
      record(records, "size", Long.toString(entry.size()).getBytes(US_ASCII));
    }
    if (!fits(Integer.toUnsignedLong(entry.uid()), 7)) {
      record(records, "uid", Integer.toUnsignedString(entry.uid()).getBytes(US_ASCII));
    }
    if (!fits(Integer.toUnsignedLong(entry.gid()), 7)) {
      record(records, "gid", Integer.toUnsignedString(entry.gid()).getBytes(US_ASCII));
    }
    if (Math.floorMod(entry.mtime(), NANOS) != 0 || !fits(entry.mtime() / NANOS, 11)) {
      record(records, "mtime", time(entry.mtime()).getBytes(US_ASCII));
    }
    entry.xattrs().forEach((name, value) -> record(records, TarEntry.XATTR + name, value));
    return records.toByteArray();
  }

  /** Seconds and their fraction: the sign is that of both. */
  private static String time(long nanos) {
    var seconds = BigDecimal.valueOf(nanos, 9).stripTrailingZeros();
    return seconds.toPlainString();
  }

  /** A record begins with its own length in bytes, the digits of the length among them. */
  private static void record(ByteArrayOutputStream records, String name, byte[] value) {
    byte[] key = name.getBytes(ISO_8859_1);
    int rest = key.length + value.length + 3;
    int length = rest + Integer.toString(rest).length();
    if (Integer.toString(length).length() > Integer.toString(rest).length()) {
      length++;
    }
    records.writeBytes((length + " ").getBytes(US_ASCII));
    records.writeBytes(key);
    records.write('=');
    records.writeBytes(value);
    records.write('\n');
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
