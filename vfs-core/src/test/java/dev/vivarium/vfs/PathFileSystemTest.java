package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.MountOptions;
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
    guest.vfs.mounts().tree("/map", tree, MountOptions.READ_ONLY);
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

  private static Guest mapWritable(Path tree) throws Exception {
    var guest = Guest.inNewWorld().mkdir("/map");
    guest.vfs.mounts().tree("/map", tree, MountOptions.DEFAULT);
    return guest;
  }

  private static FileSystem jimfs() {
    return Jimfs.newFileSystem(
        Configuration.unix().toBuilder().setAttributeViews("basic", "owner", "posix").build());
  }

  @Test
  void filesAreMadeAndWrittenAnywhere() throws Exception {
    try (var jimfs = jimfs()) {
      var tree = Files.createDirectory(jimfs.getPath("/tree"));
      var guest = mapWritable(tree);
      var file = guest.open("/map/f", OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0444);
      assertThat(Guest.write(file, "content")).isEqualTo(7);
      assertThat(file.pwrite(Guest.bytes("XY"), 0, 2, 3)).isEqualTo(2);
      assertThat(pread(file, 0)).isEqualTo("conXYnt");
      assertThat(file.stat().size()).isEqualTo(7);
      file.truncate(4);
      file.truncate(6);
      assertThat(pread(file, 0)).isEqualTo("conX\0\0");
      assertThat(file.seek(0, Whence.END)).isEqualTo(6);
      file.sync(false);
      fails(Errno.EINVAL, () -> file.truncate(-1));
      fails(Errno.EOPNOTSUPP, () -> file.allocate(0, 10));
      file.release();
      assertThat(guest.stat("/map/f").mode()).isEqualTo(0100444);
      assertThat(Files.readString(tree.resolve("f"))).isEqualTo("conX\0\0");
      var end = guest.open("/map/f", OpenFlags.O_WRONLY | OpenFlags.O_APPEND);
      assertThat(Guest.write(end, "!")).isEqualTo(1);
      fails(Errno.EBADF, () -> Guest.read(end));
      end.release();
      guest.truncate("/map/f", 3);
      assertThat(guest.read("/map/f")).isEqualTo("con");
      guest.write("/map/f", "new");
      assertThat(Files.readString(tree.resolve("f"))).isEqualTo("new");
      fails(Errno.EEXIST, () -> guest.create("/map/f"));
    }
  }

  @Test
  void aFileThatIsRemovedIsThereWhileItIsOpen() throws Exception {
    try (var jimfs = jimfs()) {
      var guest = mapWritable(jimfs.getPath("/"));
      var file = guest.create("/map/f");
      Guest.write(file, "content");
      guest.unlink("/map/f");
      fails(Errno.ENOENT, () -> guest.stat("/map/f"));
      assertThat(pread(file, 0)).isEqualTo("content");
      assertThat(file.stat().nlink()).isZero();
      assertThat(file.stat().size()).isEqualTo(7);
      guest.write("/map/f", "another");
      assertThat(guest.stat("/map/f").ino()).isNotEqualTo(file.stat().ino());
      file.release();
      assertThat(guest.read("/map/f")).isEqualTo("another");
    }
  }

  @Test
  void directoriesAndLinksAreMadeMovedAndRemoved() throws Exception {
    try (var jimfs = jimfs()) {
      var guest = mapWritable(jimfs.getPath("/"));
      guest.mkdir("/map/d", 0750).mkdir("/map/d/sub").write("/map/d/sub/f", "content");
      assertThat(guest.stat("/map/d").mode()).isEqualTo(0040750);
      long ino = guest.stat("/map/d/sub/f").ino();
      var open = guest.open("/map/d/sub/f", OpenFlags.O_RDONLY);
      guest.chdir("/map/d/sub");
      guest.rename("/map/d", "/map/e");
      assertThat(guest.getcwd()).isEqualTo("/map/e/sub");
      assertThat(guest.read("f")).isEqualTo("content");
      assertThat(guest.stat("/map/e/sub/f").ino()).isEqualTo(ino);
      assertThat(open.stat().ino()).isEqualTo(ino);
      open.release();
      fails(Errno.ENOENT, () -> guest.stat("/map/d"));
      fails(Errno.ENOTEMPTY, () -> guest.rmdir("/map/e"));
      guest.mkdir("/map/full").touch("/map/full/x").mkdir("/map/empty");
      fails(Errno.ENOTEMPTY, () -> guest.rename("/map/e", "/map/full"));
      guest.write("/map/a", "a").write("/map/b", "b").rename("/map/a", "/map/b");
      assertThat(guest.read("/map/b")).isEqualTo("a");
      guest.symlink("e/../e/sub", "/map/link");
      assertThat(guest.readlink("/map/link")).isEqualTo("e/../e/sub");
      assertThat(guest.read("/map/link/f")).isEqualTo("content");
      fails(Errno.EPERM, () -> guest.symlink("a//b", "/map/other"));
      fails(Errno.EPERM, () -> guest.link("/map/b", "/map/hard"));
      fails(Errno.EPERM, () -> guest.mkfifo("/map/fifo"));
      guest.chdir("/map/empty");
      guest.rmdir("/map/empty");
      fails(Errno.ENOENT, () -> guest.touch("x"));
      fails(Errno.ENOENT, () -> guest.getcwd());
      assertThat(guest.stat(".").nlink()).isZero();
      assertThat(guest.list("/map")).containsExactlyInAnyOrder("e", "full", "b", "link", "work");
    }
  }

  @Test
  void attributesAreSetAsFarAsTheProviderCan() throws Exception {
    try (var jimfs = jimfs()) {
      var guest = mapWritable(jimfs.getPath("/"));
      guest.touch("/map/f").chmod("/map/f", 0604);
      assertThat(guest.stat("/map/f").mode()).isEqualTo(0100604);
      fails(Errno.EPERM, () -> guest.chmod("/map/f", 04755));
      fails(Errno.EPERM, () -> guest.chown("/map/f", 1, 1));
      guest.utimens("/map/f", TimeChange.OMIT, TimeChange.at(1_000_000_000L));
      assertThat(guest.stat("/map/f").mtime()).isEqualTo(1_000_000_000L);
    }
  }

  @Test
  void aZipFileIsWrittenAndHasItWhenItIsClosed() throws Exception {
    try (var zip = zip()) {
      var guest = mapWritable(zip.getPath("/"));
      var file = guest.open("/map/lib/a.txt", OpenFlags.O_RDWR);
      file.pwrite(Guest.bytes("CONTENT!"), 0, 7, 0);
      file.pwrite(Guest.bytes("b, and more"), 0, 11, 11);
      assertThat(pread(file, 0)).isEqualTo("CONTENT of b, and more");
      assertThat(guest.stat("/map/lib/a.txt").size()).isEqualTo(22);
      assertThat(file.stat().size()).isEqualTo(22);
      file.release();
      guest.mkdir("/map/made").write("/map/made/new", "new");
      guest.rename("/map/made/new", "/map/made/newer");
      assertThat(guest.read("/map/made/newer")).isEqualTo("new");
      guest.rmdir("/map/lib/empty");
      fails(Errno.EOPNOTSUPP, () -> guest.symlink("x", "/map/link"));
      fails(Errno.EPERM, () -> guest.chmod("/map/lib", 0700));
    }
    var file = temporary.resolve("tree.zip");
    try (var zip = FileSystems.newFileSystem(file, Map.<String, Object>of())) {
      var guest = map(zip.getPath("/"));
      assertThat(guest.read("/map/lib/a.txt")).isEqualTo("CONTENT of b, and more");
      assertThat(guest.read("/map/made/newer")).isEqualTo("new");
      assertThat(guest.exists("/map/lib/empty")).isFalse();
    }
  }

  @Test
  void whatComesAndGoesLeavesNothingBehind() throws Exception {
    try (var jimfs = jimfs()) {
      var guest = mapWritable(jimfs.getPath("/"));
      for (int i = 0; i < 100; i++) {
        guest.mkdir("/map/d").touch("/map/d/f").unlink("/map/d/f");
        guest.rmdir("/map/d");
      }
      Files.createDirectories(jimfs.getPath("/x/y/z"));
      guest.stat("/map/x/y/z");
      assertThat(seen(guest)).isEqualTo(5);
      Files.delete(jimfs.getPath("/x/y/z"));
      Files.delete(jimfs.getPath("/x/y"));
      Files.delete(jimfs.getPath("/x"));
      fails(Errno.ENOENT, () -> guest.stat("/map/x"));
      assertThat(seen(guest)).isEqualTo(2);
    }
  }

  /** How many inodes the driver remembers. */
  private static int seen(Guest guest) throws Exception {
    guest.list("/map");
    var fileSystem = guest.vfs.mounts().list().get(1).fileSystem();
    int count = 0;
    for (long ino = 1; ino < 1000; ino++) {
      count += fileSystem.node(ino) == null ? 0 : 1;
    }
    return count;
  }
}
