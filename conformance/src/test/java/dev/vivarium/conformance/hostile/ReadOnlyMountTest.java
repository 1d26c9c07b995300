package dev.vivarium.conformance.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.RenameFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is mounted read-only, of whatever kind, stays as it is against every call, even of root. */
class ReadOnlyMountTest {
  @TempDir Path host;

  private final Vfs vfs = Vfs.builder().build();
  private final FsContext root = vfs.superuser();

  @Test
  void anImageStaysAsItIs() throws Exception {
    var image = Vfs.builder().build();
    image.write("/f", "content".getBytes(US_ASCII));
    image.makeDirectories("/d");
    image.setXattr(
        image.superuser(), image.root(), bytes("/f"), bytes("user.a"), new byte[1], 0, true);
    vfs.makeDirectories("/m");
    vfs.mounts().snapshot("/m", image.snapshot(), MountOptions.READ_ONLY);
    String before = Digest.of(vfs, "/m");
    refusesEverything();
    assertThat(Digest.of(vfs, "/m")).isEqualTo(before);
    assertThat(vfs.listXattr(root, vfs.root(), bytes("/m/f"), true)).hasSize(1);
  }

  @Test
  void aDirectoryOfTheHostStaysAsItIs() throws Exception {
    lay(host);
    vfs.makeDirectories("/m");
    vfs.mounts().hostDirectory("/m", host, MountOptions.READ_ONLY);
    String before = Digest.of(host);
    refusesEverything();
    assertThat(Digest.of(host)).isEqualTo(before);
  }

  @Test
  void aZipFileStaysAsItIs() throws Exception {
    var file = URI.create("jar:" + host.resolve("files.zip").toUri());
    try (var zip = FileSystems.newFileSystem(file, Map.of("create", "true"))) {
      lay(zip.getPath("/"));
      vfs.makeDirectories("/m");
      vfs.mounts().tree("/m", zip.getPath("/"), MountOptions.READ_ONLY);
      String before = Digest.of(zip.getPath("/"));
      refusesEverything();
      assertThat(Digest.of(zip.getPath("/"))).isEqualTo(before);
    }
  }

  private static void lay(Path top) throws Exception {
    Files.writeString(top.resolve("f"), "content");
    Files.createDirectory(top.resolve("d"));
  }

  private void refusesEverything() throws Exception {
    vfs.write("/mine", "mine".getBytes(US_ASCII));
    vfs.makeDirectories("/dir");
    var at = vfs.root();
    byte[] f = bytes("/m/f");
    byte[] d = bytes("/m/d");
    byte[] made = bytes("/m/new");
    byte[] mine = bytes("/mine");
    var calls = new LinkedHashMap<String, ThrowingCallable>();
    calls.put("create", () -> open(made, OpenFlags.O_WRONLY | OpenFlags.O_CREAT));
    calls.put("create without a name", () -> open(d, OpenFlags.O_RDWR | OpenFlags.O_TMPFILE));
    calls.put("open to write", () -> open(f, OpenFlags.O_WRONLY));
    calls.put("open to append", () -> open(f, OpenFlags.O_RDWR | OpenFlags.O_APPEND));
    calls.put("open to cut", () -> open(f, OpenFlags.O_RDONLY | OpenFlags.O_TRUNC));
    calls.put("truncate", () -> vfs.truncate(root, at, f, 0));
    calls.put("mkdir", () -> vfs.makeDirectory(root, at, made, 0777));
    calls.put("mknod", () -> vfs.makeNode(root, at, made, FileType.FIFO.bits() | 0666, 0));
    calls.put("symlink", () -> vfs.symlink(root, bytes("f"), at, made));
    calls.put("rmdir", () -> vfs.removeDirectory(root, at, d));
    calls.put("unlink", () -> vfs.unlink(root, at, f));
    calls.put("link within", () -> vfs.link(root, at, f, false, at, made));
    calls.put("link out", () -> vfs.link(root, at, f, false, at, bytes("/out")));
    calls.put("link in", () -> vfs.link(root, at, mine, false, at, made));
    calls.put("rename within", () -> vfs.rename(root, at, f, at, made));
    calls.put("rename out", () -> vfs.rename(root, at, f, at, bytes("/out")));
    calls.put("rename in", () -> vfs.rename(root, at, mine, at, made));
    calls.put("rename over", () -> vfs.rename(root, at, mine, at, f));
    calls.put("rename a directory out", () -> vfs.rename(root, at, d, at, bytes("/dir")));
    calls.put("exchange", () -> vfs.rename(root, at, mine, at, f, RenameFlags.RENAME_EXCHANGE));
    calls.put("chmod", () -> vfs.changeMode(root, at, f, 0, true));
    calls.put("chown", () -> vfs.changeOwner(root, at, f, 1, 1, true));
    calls.put("utimens", () -> vfs.setTimes(root, at, d, TimeChange.NOW, TimeChange.at(0), true));
    calls.put("setxattr", () -> vfs.setXattr(root, at, f, bytes("user.b"), f, 0, true));
    calls.put("removexattr", () -> vfs.removeXattr(root, at, f, bytes("user.a"), true));
    var file = open(f, OpenFlags.O_RDONLY);
    var directory = open(d, OpenFlags.O_DIRECTORY);
    for (var opened : new FileDescription[] {file, directory}) {
      String kind = opened.type() + " ";
      calls.put(kind + "write", () -> opened.write(mine, 0, 1));
      calls.put(kind + "pwrite", () -> opened.pwrite(mine, 0, 1, 0));
      calls.put(kind + "ftruncate", () -> opened.truncate(0));
      calls.put(kind + "fallocate", () -> opened.allocate(0, 10_000));
      calls.put(kind + "fchmod", () -> opened.changeMode(Credentials.ROOT, 0));
      calls.put(kind + "fchown", () -> opened.changeOwner(Credentials.ROOT, 1, 1));
      calls.put(
          kind + "futimens",
          () -> opened.setTimes(Credentials.ROOT, TimeChange.NOW, TimeChange.NOW));
      calls.put(kind + "fsetxattr", () -> opened.setXattr(Credentials.ROOT, bytes("user.b"), f, 0));
      calls.put(kind + "fremovexattr", () -> opened.removeXattr(Credentials.ROOT, bytes("user.a")));
    }
    calls.forEach(
        (name, call) -> assertThatThrownBy(call).as(name).isInstanceOf(ErrnoException.class));
    file.release();
    directory.release();
    assertThat(vfs.check()).isEmpty();
    assertThat(vfs.openFiles()).isZero();
  }

  private FileDescription open(byte[] path, int flags) throws ErrnoException {
    return vfs.open(root, vfs.root(), path, flags, 0666);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
