package dev.vivarium.vfs;

import static dev.vivarium.vfs.Guest.bytes;
import static dev.vivarium.vfs.Guest.fails;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.VectorIo;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.OpenFlags;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorIoTest {
  private static final List<byte[]> NOTHING = List.of(new byte[0], new byte[0]);

  private final Guest guest = Guest.inNewWorld();

  @Test
  void buffersAreWrittenAndFilledOneAfterTheOther() throws Exception {
    var file = guest.open("/f", OpenFlags.O_RDWR | OpenFlags.O_CREAT);
    assertThat(VectorIo.write(file, List.of(bytes("ab"), bytes(""), bytes("cde")))).isEqualTo(5);
    assertThat(VectorIo.pwrite(file, List.of(bytes("X"), bytes("Y")), 1)).isEqualTo(2);
    var first = bytes("..");
    var second = bytes("....");
    assertThat(VectorIo.pread(file, List.of(first, second), 0)).isEqualTo(5);
    assertThat(first).isEqualTo(bytes("aX"));
    assertThat(second).isEqualTo(bytes("Yde."));
    assertThat(VectorIo.read(file, List.of(first))).isZero();
    assertThat(guest.read("/f")).isEqualTo("aXYde");
  }

  @Test
  void allBuffersAreOneWrite() throws Exception {
    var pipe = guest.vfs.pipe(guest.context, OpenFlags.O_NONBLOCK);
    var writer = pipe.writer();
    writer.setPipeSize(4096);
    assertThat(VectorIo.write(writer, List.of(new byte[2000], new byte[1000]))).isEqualTo(3000);
    fails(Errno.EAGAIN, () -> VectorIo.write(writer, List.of(new byte[1000], new byte[1000])));
    assertThat(pipe.reader().readiness().available()).isEqualTo(3000);
    assertThat(VectorIo.read(pipe.reader(), List.of(new byte[1], new byte[9]))).isEqualTo(10);
  }

  @Test
  void offsetsAreCheckedFirstThenTheModeThenTheCount() throws Exception {
    guest.touch("/f").mkdir("/d");
    var pipe = guest.vfs.pipe(guest.context, 0);
    fails(Errno.EINVAL, () -> VectorIo.pread(pipe.writer(), NOTHING, -1));
    fails(Errno.ESPIPE, () -> VectorIo.pread(pipe.writer(), NOTHING, 0));
    fails(Errno.ESPIPE, () -> VectorIo.pwrite(pipe.reader(), NOTHING, 0));
    fails(Errno.EBADF, () -> VectorIo.read(pipe.writer(), NOTHING));
    fails(Errno.EBADF, () -> VectorIo.write(pipe.reader(), NOTHING));
    var tooMany = Collections.nCopies(VectorIo.IOV_MAX + 1, new byte[0]);
    var file = guest.open("/f", OpenFlags.O_RDONLY);
    fails(Errno.EBADF, () -> VectorIo.write(file, tooMany));
    fails(Errno.EINVAL, () -> VectorIo.read(file, tooMany));
    assertThat(VectorIo.read(file, tooMany.subList(1, tooMany.size()))).isZero();
    var directory = guest.open("/d", OpenFlags.O_RDONLY);
    assertThat(VectorIo.read(directory, NOTHING)).isZero();
    fails(Errno.EISDIR, () -> VectorIo.read(directory, List.of(new byte[1])));
    var place = guest.open("/f", OpenFlags.O_PATH);
    fails(Errno.EINVAL, () -> VectorIo.pread(place, NOTHING, -1));
    fails(Errno.EBADF, () -> VectorIo.pread(place, NOTHING, 0));
  }
}
