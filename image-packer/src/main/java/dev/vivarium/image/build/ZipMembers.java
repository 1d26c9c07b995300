package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The members of a ZIP archive that is trusted, and has no comment at its end. Members are taken
 * over as they are, so that what is made of some of them has the same bytes whatever JDK does it.
 */
final class ZipMembers {
  private static final int END = 0x06054B50;
  private static final int END_BYTES = 22;
  private static final int CENTRAL = 0x02014B50;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL = 0x04034B50;
  private static final int LOCAL_BYTES = 30;
  private static final int STORED = 0;

  /** A flag: what the sizes are is said behind the content. */
  private static final int SIZES_FOLLOW = 8;

  private final ByteBuffer archive;
  private final Map<String, Integer> members = new LinkedHashMap<>();

  /**
   * Reads an archive's directory.
   *
   * @throws IllegalArgumentException if it is not right
   */
  ZipMembers(byte[] bytes) {
    archive = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = bytes.length - END_BYTES;
    require(end >= 0 && archive.getInt(end) == END);
    int at = archive.getInt(end + 16);
    for (int left = archive.getShort(end + 10); left > 0; left--) {
      require(archive.getInt(at) == CENTRAL);
      require(archive.getInt(archive.getInt(at + 42)) == LOCAL);
      require((archive.getShort(at + 8) & SIZES_FOLLOW) == 0);
      members.put(new String(bytes, at + CENTRAL_BYTES, archive.getShort(at + 28), UTF_8), at);
      at += centralLength(at);
    }
  }

  private static void require(boolean right) {
    if (!right) {
      throw new IllegalArgumentException("no ZIP archive, or one that is damaged");
    }
  }

  private int centralLength(int at) {
    return CENTRAL_BYTES
        + archive.getShort(at + 28)
        + archive.getShort(at + 30)
        + archive.getShort(at + 32);
  }

  /** Where the content of a member begins. */
  private int content(int central) {
    int local = archive.getInt(central + 42);
    return local + LOCAL_BYTES + archive.getShort(local + 26) + archive.getShort(local + 28);
  }

  /** The names, in the order of the archive; those of directories end with a slash. */
  Set<String> names() {
    return members.keySet();
  }

  /** The content of a member. */
  byte[] read(String name) {
    int central = members.get(name);
    var content = new byte[archive.getInt(central + 24)];
    int from = content(central);
    if (archive.getShort(central + 10) == STORED) {
      archive.get(from, content);
      return content;
    }
    var inflater = new Inflater(true);
    try {
      inflater.setInput(archive.array(), from, archive.getInt(central + 20));
      require(inflater.inflate(content) == content.length);
      return content;
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a ZIP archive that is damaged", e);
    } finally {
      inflater.end();
    }
  }

  /** An archive of those members whose names are given, as they are. */
  byte[] only(Set<String> wanted) {
    var out = new ByteArrayOutputStream();
    var directory = new ByteArrayOutputStream();
    int count = 0;
    for (var member : members.entrySet()) {
      if (!wanted.contains(member.getKey())) {
        continue;
      }
      int central = member.getValue();
      int local = archive.getInt(central + 42);
      var entry = ByteBuffer.allocate(centralLength(central)).order(ByteOrder.LITTLE_ENDIAN);
      archive.get(central, entry.array());
      directory.writeBytes(entry.putInt(42, out.size()).array());
      out.write(archive.array(), local, content(central) + archive.getInt(central + 20) - local);
      count++;
    }
    var end = ByteBuffer.allocate(END_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    end.putInt(END).putInt(0).putShort((short) count).putShort((short) count);
    end.putInt(directory.size()).putInt(out.size());
    out.writeBytes(directory.toByteArray());
    out.writeBytes(end.array());
    return out.toByteArray();
  }
}
