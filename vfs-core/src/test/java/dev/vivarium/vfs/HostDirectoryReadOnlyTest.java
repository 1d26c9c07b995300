package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostDirectoryReadOnlyTest {
  @TempDir Path host;

  @Test
  void everyChangeIsRefusedAndNothingIsChanged() throws Exception {
    var file = Files.writeString(host.resolve("f"), "content");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    Files.createDirectory(host.resolve("d"));
    Files.setLastModifiedTime(host.resolve("d"), FileTime.fromMillis(1000));
    Files.setLastModifiedTime(host, FileTime.fromMillis(1000));
    var guest = Guest.inNewWorld().mkdir("/map");
    guest.vfs.mounts().hostDirectory("/map", host, MountOptions.READ_ONLY);
    var open = guest.open("/map/f", OpenFlags.O_RDONLY);
    var directory = guest.open("/map/d", OpenFlags.O_DIRECTORY);

    for (ThrowingCallable call :
        new ThrowingCallable[] {
          () -> guest.open("/map/f", OpenFlags.O_WRONLY),
          () -> guest.open("/map/f", OpenFlags.O_RDWR),
          () -> guest.open("/map/f", OpenFlags.O_RDONLY | OpenFlags.O_TRUNC),
          () -> guest.open("/map/new", OpenFlags.O_RDONLY | OpenFlags.O_CREAT),
          () -> guest.mkdir("/map/new"),
          () -> guest.rmdir("/map/d"),
          () -> guest.unlink("/map/f"),
          () -> guest.rename("/map/f", "/map/g"),
          () -> guest.symlink("f", "/map/l"),
          () -> guest.link("/map/f", "/map/g"),
          () -> guest.truncate("/map/f", 0),
          () -> guest.chmod("/map/f", 0777),
          () -> guest.chown("/map/f", 0, 0),
          () -> guest.access("/map/f", 2),
          () -> guest.utimens("/map/f", TimeChange.NOW, TimeChange.NOW),
          () -> open.setTimes(guest.context.credentials(), TimeChange.NOW, TimeChange.NOW),
          () -> directory.setTimes(guest.context.credentials(), TimeChange.NOW, TimeChange.NOW),
        }) {
      fails(Errno.EROFS, call);
    }
    fails(Errno.EBADF, () -> open.write(bytes("x"), 0, 1));
    fails(Errno.EBADF, () -> open.pwrite(bytes("x"), 0, 1, 0));
    fails(Errno.EINVAL, () -> open.truncate(0));

    assertThat(Guest.read(open)).isEqualTo("content");
    assertThat(guest.list("/map/d")).isEmpty();
    open.release();
    directory.release();
    assertThat(guest.vfs.statFileSystem(guest.context, guest.vfs.root(), bytes("/map")).readOnly())
        .isTrue();
    assertThat(host.toFile().list()).containsExactlyInAnyOrder("f", "d");
    assertThat(file).hasContent("content");
    for (var path : new Path[] {host, file, host.resolve("d")}) {
      assertThat(Files.getLastModifiedTime(path)).isEqualTo(FileTime.fromMillis(1000));
    }
  }
}
