package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads a tar archive that anybody may have written: that of V7, ustar, GNU's long names and large
 * numbers, and the extended headers of POSIX.
 *
 * <p>Memory is taken as content arrives, and for one member's head at most {@link #MOST_HEAD}
 * bytes, whatever lengths the archive names.
 */
final class TarReader {
  private static final int MOST_HEAD = 1 << 20;
  private static final int MOST_HEADS = 16;
  private static final long NANOS = 1_000_000_000L;
  private static final long MOST_ID = 0xFFFF_FFFEL;

  private final InputStream in;
  private final byte[] header = new byte[TarEntry.BLOCK];
  private final byte[] sink = new byte[1 << 13];
  private final Map<String, byte[]> global = new HashMap<>();
  private long left;
  private int padding;

  TarReader(InputStream in) {
    this.in = in;
  }

  /** Whether what begins so is an archive: with a header, or with the zeros that end one. */
  static boolean isArchive(byte[] head) {
    try {
      new TarReader(new ByteArrayInputStream(head)).readHeader();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The next member; what is left of the content of the one before is skipped.
   *
   * @return null at the end of the archive
   * @throws BoxFormatException if the archive is damaged or ends too early
   */
  TarEntry next() throws IOException {
    skipMember();
    var records = new HashMap<>(global);
    byte[] longName = null;
    byte[] longLink = null;
    for (int heads = 0; heads < MOST_HEADS; heads++) {
      if (!readHeader()) {
        return null;
      }
      long size = number(124, 12, 0, Long.MAX_VALUE - TarEntry.BLOCK);
      switch (header[156]) {
        case 'x' -> parseRecords(readHead(size), records);
        case 'g' -> {
          byte[] head = readHead(size);
          parseRecords(head, global);
          parseRecords(head, records);
        }
        case 'L' -> longName = upToZero(readHead(size));
        case 'K' -> longLink = upToZero(readHead(size));
        default -> {
          return entry(size, records, longName, longLink);
        }
      }
    }
    throw damaged("more than " + MOST_HEADS + " headers before one member");
  }

  /** Reads some of the content of the present member; -1 at its end. */
  int read(byte[] buffer, int offset, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int count = in.readNBytes(buffer, offset, (int) Math.min(length, left));
    if (count == 0 && length > 0) {
      throw truncated();
    }
    left -= count;
    return count;
  }

  /** The content of the present member. */
  InputStream content() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        return TarReader.this.read(buffer, offset, length);
      }
    };
  }

  /** Reads past what is left of the content of the present member. */
  private void skipContent() throws IOException {
    while (left > 0) {
      read(sink, 0, sink.length);
    }
  }

  private void skipMember() throws IOException {
    skipContent();
    if (in.readNBytes(sink, 0, padding) < padding) {
      throw truncated();
    }
    padding = 0;
  }

  /** Whether there is one: a block of zeros ends the archive. */
  private boolean readHeader() throws IOException {
    if (in.readNBytes(header, 0, header.length) < header.length) {
      throw truncated();
    }
    int sum = 0;
    for (int i = 0; i < header.length; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
    }
    if (sum == 8 * ' ' && isZero()) {
      return false;
    }
    if (number(148, 8, 0, Integer.MAX_VALUE) != sum) {
      throw damaged("a header whose checksum is wrong");
    }
    return true;
  }

  private boolean isZero() {
    for (byte b : header) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private byte[] readHead(long size) throws IOException {
    if (size > MOST_HEAD) {
      throw damaged("an extended header of " + size + " bytes");
    }
    byte[] head = in.readNBytes((int) size);
    if (head.length < size) {
      throw truncated();
    }
    padding = TarWriter.padding(size);
    skipMember();
    return head;
  }

  private TarEntry entry(
      long headerSize, Map<String, byte[]> records, byte[] longName, byte[] longLink)
      throws IOException {
    if (records.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."))) {
      throw damaged("a sparse member, which no layer has");
    }
    byte[] name = records.getOrDefault("path", longName == null ? name() : longName);
    byte[] link = records.getOrDefault("linkpath", longLink == null ? field(157, 100) : longLink);
    long size = records.containsKey("size") ? decimal(records, "size", Long.MAX_VALUE) : headerSize;
    var xattrs = new TreeMap<String, byte[]>();
    records.forEach(
        (key, value) -> {
          if (key.startsWith(TarEntry.XATTR)) {
            xattrs.put(key.substring(TarEntry.XATTR.length()), value);
          }
        });
    char kind = (char) (header[156] & 0xFF);
    if (kind == 0 || kind == '7') {
      boolean slash = name.length > 0 && name[name.length - 1] == '/';
      kind = kind == 0 && slash ? TarEntry.DIRECTORY : TarEntry.REGULAR;
    }
    boolean isDevice = kind == TarEntry.CHARACTER_DEVICE || kind == TarEntry.BLOCK_DEVICE;
    // What is no file has no content; some writers give a hard link the size of its file.
    left = kind == TarEntry.REGULAR ? size : 0;
    padding = TarWriter.padding(left);
    return new TarEntry(
        name,
        kind,
        (int) number(100, 8, 0, Long.MAX_VALUE) & 07777,
        (int) (records.containsKey("uid") ? decimal(records, "uid", MOST_ID) : id(108)),
        (int) (records.containsKey("gid") ? decimal(records, "gid", MOST_ID) : id(116)),
        left,
        records.containsKey("mtime") ? time(records.get("mtime")) : seconds(),
        link,
        isDevice ? device() : 0,
        xattrs);
  }

  private byte[] name() {
    byte[] name = field(0, 100);
    // GNU's own format has other things where ustar has the beginning of a long name.
    boolean ustar = header[262] == 0 && new String(header, 257, 5, UTF_8).equals("ustar");
    if (!ustar || header[345] == 0) {
      return name;
    }
    byte[] prefix = field(345, 155);
    byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    whole[prefix.length] = '/';
    System.arraycopy(name, 0, whole, prefix.length + 1, name.length);
    return whole;
  }

  private long device() throws IOException {
    long major = number(329, 8, 0, 0xFFF);
    long minor = number(337, 8, 0, 0xF_FFFF);
    return (minor & 0xFF) | major << 8 | (minor & 0xFFF00) << 12;
  }

  private long id(int at) throws IOException {
    return number(at, 8, 0, MOST_ID);
  }

  private long seconds() throws IOException {
    long most = Long.MAX_VALUE / NANOS;
    return number(136, 12, -most, most) * NANOS;
  }

  private byte[] field(int at, int width) {
    return upToZero(Arrays.copyOfRange(header, at, at + width));
  }

  private static byte[] upToZero(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return Arrays.copyOf(bytes, end);
  }

  /** Octal digits among spaces and zeros, or GNU's binary form. */
  private long number(int at, int width, long least, long most) throws IOException {
    long value = (header[at] & 0x80) != 0 ? binary(at, width) : octal(at, width);
    if (value < least || value > most) {
      throw damaged("a number out of range in a header");
    }
    return value;
  }

  private long binary(int at, int width) throws IOException {
    // The first bit says that it is binary, the second is the sign.
    long value = (byte) (header[at] << 1) >> 1;
    for (int i = 1; i < width; i++) {
      if (value >> 55 != value >> 63) {
        throw damaged("a number out of range in a header");
      }
      value = value << 8 | (header[at + i] & 0xFF);
    }
    return value;
  }

  private long octal(int at, int width) throws IOException {
    int i = at;
    int end = at + width;
    while (i < end && header[i] == ' ') {
      i++;
    }
    long value = 0;
    for (; i < end && header[i] != ' ' && header[i] != 0; i++) {
      if (header[i] < '0' || header[i] > '7') {
        throw damaged("a number that is not octal in a header");
      }
      value = value << 3 | header[i] - '0';
    }
    return value;
  }

  /** Adds the records of an extended header; one with an empty value takes one away. */
  private static void parseRecords(byte[] bytes, Map<String, byte[]> records) throws IOException {
    for (int at = 0; at < bytes.length; ) {
      int length = 0;
      int i = at;
      while (i < bytes.length && bytes[i] >= '0' && bytes[i] <= '9' && length <= MOST_HEAD) {
        length = length * 10 + bytes[i++] - '0';
      }
      int end = at + length;
      if (i == at
          || i >= bytes.length
          || bytes[i] != ' '
          || end > bytes.length
          || end <= i + 1
          || bytes[end - 1] != '\n') {
        throw damaged("an extended header that is none");
      }
      int equals = ++i;
      while (equals < end && bytes[equals] != '=') {
        equals++;
      }
      if (equals == end || equals == i) {
        throw damaged("an extended header that is none");
      }
      // Names of attributes are bytes, too; those of records are ASCII.
      var key = new String(bytes, i, equals - i, ISO_8859_1);
      byte[] value = Arrays.copyOfRange(bytes, equals + 1, end - 1);
      if (value.length == 0 && !key.startsWith(TarEntry.XATTR)) {
        records.remove(key);
      } else {
        records.put(key, value);
      }
      at = end;
    }
  }

  private static long decimal(Map<String, byte[]> records, String key, long most)
      throws IOException {
    var text = new String(records.get(key), UTF_8);
    try {
      long value = Long.parseLong(text);
      if (value >= 0 && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // As if it were out of range.
    }
    throw damaged("a " + key + " out of range in an extended header");
  }

  private static long time(byte[] value) throws IOException {
    var text = new String(value, UTF_8);
    // Long enough for any time, and too short for an exponent to matter.
    if (text.matches("-?[0-9]{1,10}(\\.[0-9]{0,40})?")) {
      var nanos = new BigDecimal(text.endsWith(".") ? text + "0" : text).movePointRight(9);
      try {
        return nanos.setScale(0, RoundingMode.FLOOR).longValueExact();
      } catch (ArithmeticException e) {
        // As if it were no time.
      }
    }
    throw damaged("a time out of range in an extended header");
  }

  /** The rest of the stream, which has to be read for its digest: padding, by most writers. */
  void drain() throws IOException {
    while (in.read(sink) >= 0) {
      // Nothing is made of it.
    }
  }

  private static BoxFormatException damaged(String how) {
    return new BoxFormatException("the archive has " + how);
  }

  private static BoxFormatException truncated() {
    return new BoxFormatException("the archive is truncated");
  }
}
