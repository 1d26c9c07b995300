package dev.vivarium.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.WasmSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** A script named npm on a PATH of its own, and an archive for it to deliver. */
final class FakeNpm {
  static final byte[] MODULE = "the module".getBytes(UTF_8);
  static final NpmFile FILE = pinned(MODULE);

  private final Path directory;

  FakeNpm(Path directory) {
    this.directory = directory;
  }

  static NpmFile pinned(byte[] content) {
    try {
      var digest = WasmSource.of("", content).sha256();
      return new NpmFile("@scope/guest", "1.2.3", "dist/guest.wasm", content.length, digest);
    } catch (IOException e) {
      throw new AssertionError("bytes in memory have a digest", e);
    }
  }

  /** The commands of a shell script that stands in for npm. It runs in the fetch's directory. */
  Map<String, String> script(String commands) throws IOException {
    var npm = directory.resolve("npm");
    Files.writeString(npm, "#!/bin/sh\nPATH=/usr/bin:/bin\n" + commands + "\n");
    Files.setPosixFilePermissions(npm, PosixFilePermissions.fromString("rwxr-xr-x"));
    return Map.of("PATH", directory.toString());
  }

  /** An npm that delivers an archive with one file, and counts its calls. */
  Map<String, String> delivering(String entry, byte[] content) throws IOException {
    Files.write(directory.resolve("archive"), archive(entry, content));
    return script(
        "echo call >>"
            + directory.resolve("calls")
            + "\n"
            + "cp "
            + directory.resolve("archive")
            + " scope-guest-1.2.3.tgz");
  }

  Map<String, String> delivering(byte[] content) throws IOException {
    return delivering("package/dist/guest.wasm", content);
  }

  int calls() throws IOException {
    var calls = directory.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
  }

  static byte[] archive(String name, byte[] content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
      for (var file : new String[] {"package/package.json", name}) {
        var entry = new TarArchiveEntry(file);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }
}
