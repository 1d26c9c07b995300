package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.Pipe;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.PathLimit;
import org.junit.jupiter.api.Test;

/** What pathconf says is so. */
class PathLimitTest {
  private final Guest guest = Guest.inNewWorld();

  @Test
  void namesPathsAndLinksAreAsLongAsItSaysAndNoLonger() throws Exception {
    var name = "n".repeat((int) PathLimit.NAME_MAX.value());
    guest.touch("/" + name);
    fails(Errno.ENAMETOOLONG, () -> guest.touch("/" + name + "n"));
    // The length of a path has the 0 behind it.
    var path = "/" + "./".repeat((int) PathLimit.PATH_MAX.value() / 2 - 1);
    assertThat(guest.stat(path).ino()).isEqualTo(guest.stat("/").ino());
    fails(Errno.ENAMETOOLONG, () -> guest.stat(path + "."));
    var text = "t".repeat((int) PathLimit.SYMLINK_MAX.value());
    guest.symlink(text, "/link");
    fails(Errno.ENAMETOOLONG, () -> guest.symlink(text + "t", "/longer"));
  }

  @Test
  void pipesWriteInOnePieceWhatItSays() throws Exception {
    int piece = (int) PathLimit.PIPE_BUF.value();
    var writer = guest.vfs.pipe(guest.context, OpenFlags.O_NONBLOCK).writer();
    writer.write(new byte[Pipe.CAPACITY], 0, Pipe.CAPACITY - piece + 1);
    fails(Errno.EAGAIN, () -> writer.write(new byte[piece], 0, piece));
    assertThat(writer.write(new byte[piece + 1], 0, piece + 1)).isEqualTo(1);
  }

  @Test
  void filesAreNotGivenAway() throws Exception {
    assertThat(PathLimit.CHOWN_RESTRICTED.value()).isEqualTo(1);
    guest.touch("/f").chown("/f", 7, 7);
    fails(Errno.EPERM, () -> guest.as(7, 7).chown("/f", 8, -1));
  }
}
