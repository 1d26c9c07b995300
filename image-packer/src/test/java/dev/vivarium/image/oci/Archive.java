package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** An archive that a test writes, right or wrong. */
final class Archive {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final TarWriter tar = new TarWriter(out);

  Archive file(String name, String content) throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    member(name, TarEntry.REGULAR, bytes.length, "");
    tar.write(bytes, 0, bytes.length);
    return this;
  }

  Archive directory(String name) throws IOException {
    return member(name, TarEntry.DIRECTORY, 0, "");
  }

  Archive symlink(String name, String target) throws IOException {
    return member(name, TarEntry.SYMLINK, 0, target);
  }

  Archive link(String name, String file) throws IOException {
    return member(name, TarEntry.HARD_LINK, 0, file);
  }

  Archive member(String name, char kind, long size, String link) throws IOException {
    tar.begin(
        new TarEntry(
            name.getBytes(UTF_8),
            kind,
            kind == TarEntry.DIRECTORY ? 0755 : 0644,
            0,
            0,
            size,
            0,
            link.getBytes(UTF_8),
            0x103,
            new TreeMap<>(Map.of())));
    return this;
  }

  byte[] bytes() throws IOException {
    tar.end();
    return out.toByteArray();
  }

  ByteArrayInputStream stream() throws IOException {
    return new ByteArrayInputStream(bytes());
  }
}
