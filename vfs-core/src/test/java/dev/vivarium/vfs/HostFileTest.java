package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFileTest {
  @TempDir Path host;

  private final Guest guest = Guest.inNewWorld();
  private Path file;

  @BeforeEach
  void prepare() throws Exception {
    file = Files.writeString(host.resolve("f"), "content");
    Files.writeString(host.resolve("secret"), "not shown");
    guest.mkdir("/d").write("/d/m", "below").touch("/d/other");
  }

  private void mount(MountOptions options) throws Exception {
    guest.vfs.mounts().hostFile("/d/m", file, options);
  }

  @Test
  void isReadAndWrittenThrough() throws Exception {
    mount(MountOptions.DEFAULT);
    assertThat(guest.read("/d/m")).isEqualTo("content");
    guest.write("/d/m", "more");
    assertThat(file).hasContent("more");
    Files.writeString(file, "from outside");
    assertThat(guest.read("/d/m")).isEqualTo("from outside");
    assertThat(guest.stat("/d/m").size()).isEqualTo(12);
    guest.truncate("/d/m", 4);
    assertThat(file).hasContent("from");
    guest.chmod("/d/m", 0600);
    guest.utimens("/d/m", TimeChange.at(0), TimeChange.at(1_000_000_000));
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(1000));
    assertThat(guest.list("/d")).containsExactly("m", "other");
  }

  @Test
  void nothingElseOfItsDirectoryIsThere() throws Exception {
    mount(MountOptions.DEFAULT);
    for (var path : new String[] {"/d/m/secret", "/d/m/..", "/d/m/../secret", "/d/m/."}) {
      fails(Errno.ENOTDIR, () -> guest.stat(path));
    }
    fails(Errno.ENOENT, () -> guest.stat("/d/secret"));
    fails(Errno.ENOTDIR, () -> guest.open("/d/m", OpenFlags.O_DIRECTORY));
    fails(Errno.ENOTDIR, () -> guest.mkdir("/d/m/new"));
    var place = guest.vfs.directory(guest.context, guest.vfs.root(), bytes("/d"));
    assertThat(guest.vfs.pathOf(guest.context, place)).isEqualTo(bytes("/d"));
    assertThat(host.toFile().list()).containsExactlyInAnyOrder("f", "secret");
  }

  @Test
  void itsNameStaysWhileItIsMounted() throws Exception {
    mount(MountOptions.DEFAULT);
    fails(Errno.EBUSY, () -> guest.unlink("/d/m"));
    fails(Errno.EBUSY, () -> guest.rename("/d/m", "/d/n"));
    fails(Errno.EBUSY, () -> guest.rename("/d/other", "/d/m"));
    fails(Errno.EXDEV, () -> guest.link("/d/m", "/d/n"));
    fails(Errno.EEXIST, () -> guest.create("/d/m"));
    fails(Errno.ENOTEMPTY, () -> guest.rmdir("/d"));
    // A mount goes along with the directory that it is in.
    guest.rename("/d", "/e");
    assertThat(guest.read("/e/m")).isEqualTo("content");
    assertThat(file).hasContent("content");
  }

  @Test
  void otherNamesOfWhatItHidesAreNotHidden() throws Exception {
    guest.link("/d/m", "/d/n");
    guest.mkdir("/e").link("/d/m", "/e/m");
    mount(MountOptions.DEFAULT);
    assertThat(guest.read("/d/m")).isEqualTo("content");
    for (var other : new String[] {"/d/n", "/e/m"}) {
      assertThat(guest.read(other)).isNotEqualTo("content");
      guest.write(other, "changed").unlink(other);
      fails(Errno.ENOENT, () -> guest.stat(other));
      guest.touch("/d/o").rename("/d/o", other);
    }
    assertThat(file).hasContent("content");
    assertThat(guest.vfs.tree("/")).contains("m", "n");
    guest.vfs.mounts().unmount("/d/m");
    assertThat(guest.read("/d/m")).isEqualTo("changed");
  }

  @Test
  void aRollbackLeavesItWhereItsNameStays() throws Exception {
    var before = guest.vfs.snapshot();
    mount(MountOptions.DEFAULT);
    guest.unlink("/d/other");
    guest.vfs.rollback(before);
    assertThat(guest.read("/d/m")).isEqualTo("content");
    assertThat(guest.list("/d")).contains("other");
    guest.vfs.mounts().unmount("/d/m");
    guest.unlink("/d/m");
    guest.touch("/d/m");
    mount(MountOptions.DEFAULT);
    fails(Errno.EBUSY, () -> guest.vfs.rollback(before));
  }

  @Test
  void whatItHidesIsThereAgainWhenItIsUnmounted() throws Exception {
    mount(MountOptions.DEFAULT);
    var open = guest.open("/d/m", OpenFlags.O_RDONLY);
    fails(Errno.EBUSY, () -> guest.vfs.mounts().unmount("/d/m"));
    open.release();
    guest.vfs.mounts().unmount("/d/m");
    assertThat(guest.read("/d/m")).isEqualTo("below");
    guest.unlink("/d/m");
    assertThat(file).hasContent("content");
    assertThat(guest.vfs.mounts().list()).hasSize(1);
  }

  @Test
  void anotherCanBeMountedOnIt() throws Exception {
    mount(MountOptions.DEFAULT);
    guest.vfs.mounts().hostFile("/d/m", host.resolve("secret"), MountOptions.DEFAULT);
    assertThat(guest.read("/d/m")).isEqualTo("not shown");
    guest.vfs.mounts().unmount("/d/m");
    assertThat(guest.read("/d/m")).isEqualTo("content");
  }

  @Test
  void readOnlyItCannotBeChanged() throws Exception {
    mount(MountOptions.READ_ONLY);
    assertThat(guest.read("/d/m")).isEqualTo("content");
    fails(Errno.EROFS, () -> guest.open("/d/m", OpenFlags.O_WRONLY));
    fails(Errno.EROFS, () -> guest.truncate("/d/m", 0));
    fails(Errno.EROFS, () -> guest.chmod("/d/m", 0777));
    fails(Errno.EROFS, () -> guest.utimens("/d/m", TimeChange.NOW, TimeChange.NOW));
    fails(Errno.EACCES, () -> guest.vfs.mounts().remount("/d/m", MountOptions.DEFAULT));
    assertThat(file).hasContent("content");
    guest.write("/d/other", "can be");
  }

  @Test
  void isThatFileAndNotItsName() throws Exception {
    mount(MountOptions.DEFAULT);
    var open = guest.open("/d/m", OpenFlags.O_RDONLY);
    Files.writeString(host.resolve("new"), "new");
    Files.move(host.resolve("new"), file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(Guest.read(open)).isEqualTo("content");
    open.release();
    fails(Errno.ENOENT, () -> guest.open("/d/m", OpenFlags.O_RDONLY));
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("secret"));
    fails(Errno.ENOENT, () -> guest.open("/d/m", OpenFlags.O_RDONLY));
    fails(Errno.ENOENT, () -> guest.open("/d/m", OpenFlags.O_WRONLY | OpenFlags.O_TRUNC));
    assertThat(host.resolve("secret")).hasContent("not shown");
  }

  @Test
  void onlyARegularFileGoesOverAFile() throws Exception {
    var mounts = guest.vfs.mounts();
    fails(Errno.EISDIR, () -> mounts.hostFile("/d", file, MountOptions.DEFAULT));
    fails(Errno.ENOENT, () -> mounts.hostFile("/d/absent", file, MountOptions.DEFAULT));
    fails(Errno.ENOTDIR, () -> mounts.hostDirectory("/d/m", host, MountOptions.DEFAULT));
    fails(
        Errno.EINVAL, () -> mounts.hostFile("/d/m", file, MountOptions.DEFAULT.withBytes(100_000)));
    for (var wrong : new String[] {"", "absent"}) {
      assertThatIOException()
          .isThrownBy(() -> mounts.hostFile("/d/m", host.resolve(wrong), MountOptions.DEFAULT))
          .withMessageContaining("cannot be mapped");
    }
    assertThat(mounts.list()).hasSize(1);
    assertThat(guest.read("/d/m")).isEqualTo("below");
  }

  @Test
  void aLinkOfTheHostIsFollowedOnce() throws Exception {
    var link = Files.createSymbolicLink(host.resolve("link"), Path.of("f"));
    guest.vfs.mounts().hostFile("/d/m", link, MountOptions.DEFAULT);
    Files.delete(link);
    assertThat(guest.read("/d/m")).isEqualTo("content");
  }

  @Test
  void noSnapshotHasIt() throws Exception {
    mount(MountOptions.DEFAULT);
    guest.write("/d/m", "changed");
    assertThat(Vfs.fork(guest.vfs.snapshot()).read("/d/m")).isEqualTo(bytes("below"));
  }
}
