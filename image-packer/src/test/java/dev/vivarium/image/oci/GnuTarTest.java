package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What GNU tar makes of a layer, and a layer of what GNU tar has made. */
class GnuTarTest {
  @TempDir Path directory;

  private static Snapshot sample() throws Exception {
    return TestTree.empty()
        .file("/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
        .mode("/etc/passwd", 0640)
        .file("/usr/lib/a", "a".repeat(70_000))
        .link("/usr/lib/b", "/usr/lib/a")
        .symlink("/lib", "usr/lib")
        .file("/" + "n".repeat(120) + "/" + "m".repeat(200), "long")
        .symlink("/s", "t".repeat(150))
        .time("/etc/passwd", 1_234_567_890_123_456_789L)
        .time("/usr/lib/a", -1_500_000_000L)
        .directory("/tmp")
        .mode("/tmp", 01777)
        .time("/usr", 77_000_000_000L)
        .snapshot();
  }

  private void run(String... command) throws Exception {
    var output = directory.resolve("output");
    var process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
  }

  private static void assumeInstalled(String... commands) {
    var path = System.getenv().getOrDefault("PATH", "");
    for (var command : commands) {
      assumeTrue(
          List.of(path.split(":")).stream()
              .anyMatch(place -> Files.isExecutable(Path.of(place, command))),
          command + " is not installed");
    }
  }

  @Test
  void aLayerUnpacksToTheSameTree() throws Exception {
    assumeInstalled("tar", "zstd", "gzip");
    for (var compression : List.of(Compression.ZSTD, Compression.GZIP, Compression.NONE)) {
      var unpacked = Files.createDirectory(directory.resolve(compression.name()));
      try (var store = Store.open(directory.resolve("store"))) {
        var layer = store.putLayer(null, sample(), null, compression);
        var blob = store.blobs().path(layer.blob().digest()).toString();
        var option =
            switch (compression) {
              case ZSTD, ZSTD_DENSE -> "--zstd";
              case GZIP -> "--gzip";
              case NONE -> "--no-same-owner";
            };
        run("tar", "-x", option, "--no-same-owner", "-p", "-f", blob, "-C", unpacked.toString());
      }
      assertThat(host(unpacked)).isEqualTo(tree(sample()));
    }
  }

  @Test
  void whatGnuTarPacksIsReadInEachOfItsFormats() throws Exception {
    assumeInstalled("tar");
    var files = Files.createDirectory(directory.resolve("files"));
    Files.createDirectory(files.resolve("d"));
    Files.writeString(files.resolve("d/f"), "content");
    Files.createLink(files.resolve("d/g"), files.resolve("d/f"));
    Files.createSymbolicLink(files.resolve("l"), Path.of("d/f"));
    Files.writeString(files.resolve("n".repeat(200)), "long");
    Files.createSymbolicLink(files.resolve("s"), Path.of("t".repeat(150)));
    Files.setLastModifiedTime(files.resolve("d/f"), FileTime.from(99, TimeUnit.SECONDS));
    for (var format : List.of("gnu", "posix", "oldgnu")) {
      for (var file : List.of("d", "l", "s", "n".repeat(200), ".")) {
        Files.getFileAttributeView(
                files.resolve(file),
                java.nio.file.attribute.BasicFileAttributeView.class,
                LinkOption.NOFOLLOW_LINKS)
            .setTimes(FileTime.from(50, TimeUnit.SECONDS), null, null);
      }
      run("tar", "-c", "--format=" + format, "-f", "archive", "-C", files.toString(), ".");
      var reader = new LayerReader(null, Limits.DEFAULT);
      reader.apply(new ByteArrayInputStream(Files.readAllBytes(directory.resolve("archive"))));
      assertThat(tree(reader.snapshot())).isEqualTo(host(files));
    }
  }

  /** A line for each path: kind, mode, time, content, and the other names of the same file. */
  private static TreeMap<String, String> host(Path top) throws IOException {
    var lines = new TreeMap<String, String>();
    var names = new TreeMap<Long, TreeSet<String>>();
    try (var paths = Files.walk(top)) {
      for (var path : paths.toList()) {
        var attributes =
            Files.readAttributes(path, "unix:mode,lastModifiedTime,ino", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) attributes.get("mode");
        var name = top.relativize(path).toString();
        long time = ((FileTime) attributes.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS);
        var content =
            Files.isSymbolicLink(path)
                ? Files.readSymbolicLink(path).toString()
                : Files.isRegularFile(path) ? Digest.of(Files.readAllBytes(path)).hex() : "";
        lines.put(name, Integer.toOctalString(mode) + " " + time + " " + content);
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          names.computeIfAbsent((long) attributes.get("ino"), ino -> new TreeSet<>()).add(name);
        }
      }
    }
    names
        .values()
        .forEach(same -> same.forEach(name -> lines.merge(name, " " + same, String::concat)));
    return lines;
  }

  private static TreeMap<String, String> tree(Snapshot snapshot) throws Exception {
    var vfs = Vfs.fork(snapshot);
    var lines = new TreeMap<String, String>();
    var names = new TreeMap<Long, TreeSet<String>>();
    var tar = new TarReader(new ByteArrayInputStream(TestTree.archive(snapshot)));
    for (TarEntry entry; (entry = tar.next()) != null; ) {
      var name = entry.text().replaceAll("^\\./$", "").replaceAll("/$", "");
      var stat = vfs.stat(vfs.superuser(), vfs.root(), ("/" + name).getBytes(UTF_8), false);
      var content =
          switch (stat.type()) {
            case SYMLINK ->
                new String(
                    vfs.readLink(vfs.superuser(), vfs.root(), ("/" + name).getBytes(UTF_8)), UTF_8);
            case REGULAR -> Digest.of(vfs.read("/" + name)).hex();
            default -> "";
          };
      lines.put(name, Integer.toOctalString(stat.mode()) + " " + stat.mtime() + " " + content);
      if (!name.isEmpty() && stat.type() != dev.vivarium.vfs.posix.FileType.DIRECTORY) {
        names.computeIfAbsent(stat.ino(), ino -> new TreeSet<>()).add(name);
      }
    }
    names
        .values()
        .forEach(same -> same.forEach(name -> lines.merge(name, " " + same, String::concat)));
    return lines;
  }
}
