package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathFileSystemTest {
  @TempDir Path temporary;

  private FileSystem zip() throws IOException {
    var file = temporary.resolve("tree.zip");
    try (var zip = FileSystems.newFileSystem(file, Map.of("create", "true"))) {
      Files.createDirectories(zip.getPath("/lib/empty"));
      Files.writeString(zip.getPath("/lib/a.txt"), "content of a");
      Files.writeString(zip.getPath("/lib/caf\u00e9"), "x".repeat(200_000));
    }
    return FileSystems.newFileSystem(file, Map.<String, Object>of());
  }

  private static Guest map(Path tree) throws Exception {
    var guest = Guest.inNewWorld().mkdir("/map");
    guest.vfs.mountTree("/map", tree);
    return guest;
  }

  @Test
  void aZipFileIsRead() throws Exception {
    try (var zip = zip()) {
      var guest = map(zip.getPath("/"));

      assertThat(guest.list("/map")).containsExactly("lib");
      assertThat(guest.list("/map/lib"))
          .containsExactlyInAnyOrder("empty", "a.txt", "caf\u00c3\u00a9");
      assertThat(guest.read("/map/lib/a.txt")).isEqualTo("content of a");
      assertThat(guest.read("/map/lib/caf\u00c3\u00a9")).isEqualTo("x".repeat(200_000));
      assertThat(guest.stat("/map/lib").mode()).isEqualTo(0040555);
      assertThat(guest.stat("/map/lib/a.txt").mode()).isEqualTo(0100444);
      assertThat(guest.stat("/map/lib/a.txt").size()).isEqualTo(12);
      assertThat(guest.stat("/map/lib/../lib").ino()).isEqualTo(guest.stat("/map/lib").ino());
      guest.chdir("/map/lib/empty");
      assertThat(guest.getcwd()).isEqualTo("/map/lib/empty");
      fails(Errno.ENOENT, () -> guest.stat("/map/absent"));
      fails(Errno.ENOENT, () -> guest.stat("/map/\u00ff"));
      fails(Errno.ENOTDIR, () -> guest.stat("/map/lib/a.txt/x"));
      assertThat(guest.vfs.statFileSystem(guest.context, guest.vfs.root(), Guest.bytes("/map")))
          .matches(stat -> stat.readOnly());
    }
  }

  @Test
  void nothingOfItIsChanged() throws Exception {
    try (var zip = zip()) {
      var guest = map(zip.getPath("/"));
      fails(Errno.EROFS, () -> guest.create("/map/new"));
      fails(Errno.EROFS, () -> guest.open("/map/lib/a.txt", OpenFlags.O_WRONLY));
      fails(Errno.EROFS, () -> guest.mkdir("/map/new"));
      fails(Errno.EROFS, () -> guest.symlink("x", "/map/new"));
      fails(Errno.EROFS, () -> guest.unlink("/map/lib/a.txt"));
      fails(Errno.EROFS, () -> guest.rmdir("/map/lib/empty"));
      fails(Errno.EROFS, () -> guest.rename("/map/lib", "/map/new"));
      fails(Errno.EROFS, () -> guest.link("/map/lib/a.txt", "/map/new"));
      fails(Errno.EROFS, () -> guest.chmod("/map/lib", 0777));
      fails(Errno.EROFS, () -> guest.chown("/map/lib", 1, 1));
      fails(Errno.EROFS, () -> guest.truncate("/map/lib/a.txt", 0));
      fails(Errno.EROFS, () -> guest.utimens("/map/lib", TimeChange.NOW, TimeChange.NOW));
    }
  }

  @Test
  void anOpenFileIsReadFromAnywhere() throws Exception {
    try (var zip = zip()) {
      var guest = map(zip.getPath("/lib"));
      var file = guest.open("/map/a.txt", OpenFlags.O_RDONLY);
      var other = guest.open("/map/a.txt", OpenFlags.O_RDONLY);
      assertThat(file.seek(8, Whence.SET)).isEqualTo(8);
      assertThat(Guest.read(file)).isEqualTo("of a");
      assertThat(file.seek(-4, Whence.END)).isEqualTo(8);
      assertThat(file.seek(0, Whence.HOLE)).isEqualTo(12);
      assertThat(file.seek(3, Whence.DATA)).isEqualTo(3);
      fails(Errno.ENXIO, () -> file.seek(12, Whence.DATA));
      fails(Errno.EINVAL, () -> file.seek(-1, Whence.SET));
      fails(Errno.EINVAL, () -> file.seek(Long.MAX_VALUE, Whence.CUR));
      assertThat(Guest.read(other)).isEqualTo("content of a");
      fails(Errno.EINVAL, () -> file.pread(new byte[1], 0, 1, -1));
      fails(Errno.EBADF, () -> Guest.write(file, "x"));
      other.release();
      assertThat(pread(file, 4)).isEqualTo("ent of a");
      file.release();
      assertThat(guest.read("/map/a.txt")).isEqualTo("content of a");
    }
  }

  private static String pread(FileDescription file, long at) throws Exception {
    var buffer = new byte[100];
    return Guest.text(Arrays.copyOf(buffer, file.pread(buffer, 0, buffer.length, at)));
  }

  @Test
  void aTreeInMemoryIsSeenAsItIsNow() throws Exception {
    var configuration =
        Configuration.unix().toBuilder().setAttributeViews("basic", "owner", "posix").build();
    try (var jimfs = Jimfs.newFileSystem(configuration)) {
      var tree = Files.createDirectory(jimfs.getPath("/tree"));
      var guest = map(tree);
      Files.createDirectory(tree.resolve("d"));
      Files.writeString(tree.resolve("d/f"), "one");
      Files.setPosixFilePermissions(
          tree.resolve("d"), PosixFilePermissions.fromString("rwx------"));
      assertThat(guest.read("/map/d/f")).isEqualTo("one");
      fails(Errno.EACCES, () -> guest.as(7, 7).read("/map/d/f"));
      long ino = guest.stat("/map/d/f").ino();
      Files.writeString(tree.resolve("d/f"), "other");
      assertThat(guest.stat("/map/d/f").size()).isEqualTo(5);
      assertThat(guest.stat("/map/d/f").ino()).isEqualTo(ino);
      Files.delete(tree.resolve("d/f"));
      fails(Errno.ENOENT, () -> guest.stat("/map/d/f"));
      assertThat(guest.list("/map/d")).isEmpty();
    }
  }

  @Test
  void linksMeanWhatTheyMeanToTheGuest() throws Exception {
    try (var jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      var tree = Files.createDirectories(jimfs.getPath("/tree/d")).getParent();
      Files.writeString(jimfs.getPath("/secret"), "the host's");
      Files.writeString(tree.resolve("d/f"), "content");
      Files.createSymbolicLink(tree.resolve("near"), jimfs.getPath("d/../d/f"));
      Files.createSymbolicLink(tree.resolve("far"), jimfs.getPath("/secret"));
      Files.createSymbolicLink(tree.resolve("up"), jimfs.getPath("../../../secret"));
      Files.createSymbolicLink(tree.resolve("root"), jimfs.getPath("/"));
      var guest = map(tree);

      assertThat(guest.readlink("/map/near")).isEqualTo("d/../d/f");
      assertThat(guest.read("/map/near")).isEqualTo("content");
      assertThat(guest.readlink("/map/root")).isEqualTo("/");
      fails(Errno.ENOENT, () -> guest.read("/map/far"));
      fails(Errno.ENOENT, () -> guest.read("/map/up"));
      guest.write("/secret", "the guest's");
      assertThat(guest.read("/map/far")).isEqualTo("the guest's");
      assertThat(guest.read("/map/up")).isEqualTo("the guest's");
    }
  }

  @Test
  void aTreeWhoseFilesystemIsClosedIsAnError() throws Exception {
    Guest guest;
    try (var zip = zip()) {
      guest = map(zip.getPath("/"));
    }
    fails(Errno.EIO, () -> guest.list("/map"));
    fails(Errno.EIO, () -> guest.read("/map/lib/a.txt"));
  }

  @Test
  void onlyADirectoryIsMounted() throws Exception {
    try (var zip = zip()) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> map(zip.getPath("/lib/a.txt")));
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> map(zip.getPath("/absent")));
    }
  }
}
