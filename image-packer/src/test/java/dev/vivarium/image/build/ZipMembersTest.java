package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class ZipMembersTest {
  private static byte[] archive() throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      put(zip, "d/", "", ZipEntry.STORED);
      put(zip, "d/a", "stored", ZipEntry.STORED);
      put(zip, "b", "deflated ".repeat(100), ZipEntry.DEFLATED);
    }
    return bytes.toByteArray();
  }

  /** With all sizes in front, for which they have to be known. */
  private static void put(ZipOutputStream zip, String name, String text, int method)
      throws Exception {
    byte[] content = text.getBytes(UTF_8);
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(content);
    deflater.finish();
    int deflated = deflater.deflate(new byte[content.length + 100]);
    var sum = new CRC32();
    sum.update(content);
    var entry = new ZipEntry(name);
    entry.setMethod(method);
    entry.setSize(content.length);
    entry.setCompressedSize(method == ZipEntry.STORED ? content.length : deflated);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
  }

  @Test
  void membersAreReadByTheirNames() throws Exception {
    var members = new ZipMembers(archive());

    assertThat(members.names()).containsExactly("d/", "d/a", "b");
    assertThat(members.read("d/a")).asString().isEqualTo("stored");
    assertThat(members.read("b")).asString().isEqualTo("deflated ".repeat(100));
  }

  @Test
  void whatIsMadeOfSomeIsAnArchiveOfThese() throws Exception {
    byte[] some = new ZipMembers(archive()).only(Set.of("b", "absent"));

    assertThat(new ZipMembers(some).names()).containsExactly("b");
    assertThat(new ZipMembers(some).read("b")).asString().isEqualTo("deflated ".repeat(100));
    try (var zip = new ZipInputStream(new ByteArrayInputStream(some))) {
      assertThat(zip.getNextEntry().getName()).isEqualTo("b");
      assertThat(zip.readAllBytes()).asString().isEqualTo("deflated ".repeat(100));
    }
    assertThat(new ZipMembers(new ZipMembers(archive()).only(Set.of())).names()).isEmpty();
    var streamed = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(streamed)) {
      zip.putNextEntry(new ZipEntry("sizes follow"));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new ZipMembers(streamed.toByteArray()));
  }
}
