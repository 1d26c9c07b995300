package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static dev.vivarium.vfs.Guest.read;
import static dev.vivarium.vfs.Guest.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.DescriptorTable;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorldForkTest {
  private final Guest guest = Guest.inNewWorld();
  private final DescriptorTable table = new DescriptorTable(32);

  private DescriptorTable forked(WorldFork fork) throws Exception {
    return fork.descriptors(List.of(table)).get(0);
  }

  @Test
  void offsetsAreSharedWithinAWorldAndSeparateInAFork() throws Exception {
    guest.write("/f", "0123456789");
    int fd = table.add(guest.open("/f", OpenFlags.O_RDWR | OpenFlags.O_APPEND), 0, true);
    int dup = table.duplicate(fd, 0, false);
    table.get(fd).seek(3, Whence.SET);
    var child = table.fork();
    var fork = guest.vfs.forkWorld(Vfs.builder());
    var copy = forked(fork);
    assertThat(copy.get(fd).flags()).isEqualTo(table.get(fd).flags());
    assertThat(copy.closeOnExec(fd)).isTrue();

    child.get(dup).seek(5, Whence.SET);
    assertThat(table.get(fd).seek(0, Whence.CUR)).isEqualTo(5);
    assertThat(copy.get(fd).seek(0, Whence.CUR)).isEqualTo(3);
    copy.get(dup).seek(7, Whence.SET);
    assertThat(copy.get(fd).seek(0, Whence.CUR)).isEqualTo(7);
    assertThat(table.get(fd).seek(0, Whence.CUR)).isEqualTo(5);

    write(copy.get(fd), "fork");
    write(table.get(fd), "original");
    assertThat(new Guest(fork.vfs()).read("/f")).isEqualTo("0123456789fork");
    assertThat(guest.read("/f")).isEqualTo("0123456789original");
    for (var each : List.of(table, child, copy)) {
      each.closeAll();
    }
    assertThat(fork.vfs().openFiles() + guest.vfs.openFiles()).isZero();
    assertThat(fork.vfs().check()).isEmpty();
  }

  @Test
  void whatIsOpenInADirectoryMountedOverItselfIsOfTheFork() throws Exception {
    guest.mkdir("/v").write("/v/f", "old");
    guest.vfs.mounts().bind("/v", MountOptions.DEFAULT);
    int fd = table.add(guest.open("/v/f", OpenFlags.O_RDWR), 0, false);
    guest.chdir("/v");
    var fork = guest.vfs.forkWorld(Vfs.builder());
    var copy = forked(fork);
    write(copy.get(fd), "fork");
    assertThat(guest.read("/v/f")).isEqualTo("old");
    assertThat(new Guest(fork.vfs()).read("/v/f")).isEqualTo("fork");
    var context = fork.context(guest.context);
    assertThat(fork.vfs().pathOf(context, context.workingDirectory())).isEqualTo(bytes("/v"));
    copy.closeAll();
    table.closeAll();
  }

  @Test
  void processesThatShareADescriptionShareOneInTheFork() throws Exception {
    guest.write("/f", "x");
    int fd = table.add(guest.open("/f", OpenFlags.O_RDONLY), 0, false);
    var child = table.fork();
    var copies = guest.vfs.forkWorld(Vfs.builder()).descriptors(List.of(table, child));
    copies.get(0).get(fd).seek(1, Whence.SET);
    assertThat(copies.get(1).get(fd).seek(0, Whence.CUR)).isEqualTo(1);
    copies.get(0).closeAll();
    assertThat(copies.get(1).get(fd).stat().size()).isEqualTo(1);
  }

  @Test
  void whatIsOpenWithoutANameIsOpenInTheFork() throws Exception {
    guest.write("/f", "gone").mkdir("/d");
    int file = table.add(guest.open("/f", OpenFlags.O_RDWR), 0, false);
    int directory = table.add(guest.open("/d", OpenFlags.O_DIRECTORY), 0, false);
    guest.unlink("/f");
    guest.rmdir("/d");
    var fork = guest.vfs.forkWorld(Vfs.builder());
    var copy = forked(fork);
    assertThat(fork.vfs().check()).isEmpty();
    write(table.get(file), "GONE");
    assertThat(read(copy.get(file))).isEqualTo("gone");
    write(copy.get(file), " and more");
    assertThat(copy.get(file).stat().nlink()).isZero();
    fails(Errno.ENOENT, () -> copy.get(directory).readDirectory(0, (cookie, ino, t, name) -> true));
    assertThat(fork.vfs().check()).isEmpty();
    copy.closeAll();
    assertThat(fork.vfs().check()).isEmpty();
    table.closeAll();
    assertThat(guest.vfs.check()).isEmpty();
  }

  @Test
  void aListingGoesOnInTheForkWhereItWas() throws Exception {
    guest.mkdir("/d");
    for (int i = 0; i < 100; i++) {
      guest.touch("/d/" + i);
    }
    int fd = table.add(guest.open("/d", OpenFlags.O_DIRECTORY), 0, false);
    long[] last = new long[1];
    table
        .get(fd)
        .readDirectory(
            0,
            (cookie, ino, type, name) -> {
              last[0] = cookie;
              return !Guest.text(name).equals("49");
            });
    var fork = guest.vfs.forkWorld(Vfs.builder());
    var copy = forked(fork);
    guest.unlink("/d/50");
    new Guest(fork.vfs()).unlink("/d/51");
    var names = new ArrayList<String>();
    copy.get(fd)
        .readDirectory(
            last[0],
            (cookie, ino, type, name) -> {
              names.add(Guest.text(name));
              return true;
            });
    assertThat(names).hasSize(49).startsWith("50", "52").endsWith("99");
  }

  @Test
  void whatLiesOutsideTheTreeIsShared() throws Exception {
    var pipe = guest.vfs.pipe(guest.context, 0);
    int in = table.add(pipe.reader(), 0, false);
    int out = table.add(pipe.writer(), 0, false);
    var copy = forked(guest.vfs.forkWorld(Vfs.builder()));
    assertThat(copy.get(in)).isSameAs(table.get(in));
    write(copy.get(out), "x");
    var buffer = new byte[1];
    assertThat(table.get(in).read(buffer, 0, 1)).isEqualTo(1);
    table.closeAll();
    fails(Errno.EPIPE, () -> write(brokenBy(copy, in).get(out), "x"));
  }

  private static DescriptorTable brokenBy(DescriptorTable table, int reader) throws Exception {
    table.close(reader);
    return table;
  }

  @Test
  void whatWasMadeAfterTheForkIsNotOpenInIt() throws Exception {
    var fork = guest.vfs.forkWorld(Vfs.builder());
    int fd = table.add(guest.create("/later"), 0, false);
    var copy = forked(fork);
    fails(Errno.EBADF, () -> copy.get(fd));
    assertThat(copy.size()).isZero();
  }

  @Test
  void withoutRoomForItsDescriptorsNothingIsLeftOpen() throws Exception {
    guest.touch("/a").touch("/b");
    table.add(guest.open("/a", OpenFlags.O_RDONLY), 0, false);
    table.add(guest.open("/b", OpenFlags.O_RDONLY), 0, false);
    var fork = guest.vfs.forkWorld(Vfs.builder().quota(Quota.DEFAULT.withOpenFiles(1)));
    fails(Errno.ENFILE, () -> forked(fork));
    assertThat(fork.vfs().openFiles()).isZero();
    assertThat(guest.vfs.openFiles()).isEqualTo(2);
    assertThat(fork.vfs().check()).isEmpty();
  }

  @Test
  void aProcessIsWhereItWas() throws Exception {
    guest.mkdir("/d").mkdir("/d/e");
    guest.chdir("/d/e");
    var fork = guest.vfs.forkWorld(Vfs.builder());
    var context = fork.context(guest.context);
    var path = fork.vfs().pathOf(context, context.workingDirectory());
    assertThat(path).isEqualTo(bytes("/d/e"));
    assertThat(context.umask()).isEqualTo(guest.context.umask());
    context.close();
    assertThat(fork.vfs().check()).isEmpty();
  }
}
