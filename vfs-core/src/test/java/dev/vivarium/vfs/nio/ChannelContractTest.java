package dev.vivarium.vfs.nio;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass(name = "{0}")
@EnumSource(Implementation.class)
class ChannelContractTest extends Contract {
  private FileChannel open(OpenOption... options) throws IOException {
    return FileChannel.open(path("f"), options);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuffer direct(String text) {
    return ByteBuffer.allocateDirect(text.length()).put(bytes(text)).flip();
  }

  private static String text(ByteBuffer buffer) {
    buffer.flip();
    return StandardCharsets.UTF_8.decode(buffer).toString();
  }

  @Test
  void readingMovesThePosition() throws Exception {
    file("f", "0123456789");
    try (var channel = open(READ)) {
      var buffer = ByteBuffer.allocate(4);
      assertThat(channel.read(buffer)).isEqualTo(4);
      assertThat(text(buffer)).isEqualTo("0123");
      assertThat(channel.position()).isEqualTo(4);
      assertThat(channel.read(ByteBuffer.allocate(0))).isZero();
      channel.position(8);
      buffer.clear();
      assertThat(channel.read(buffer)).isEqualTo(2);
      assertThat(channel.read(buffer)).isEqualTo(-1);
      channel.position(100);
      assertThat(channel.position()).isEqualTo(100);
      assertThat(channel.read(buffer)).isEqualTo(-1);
      fails(IllegalArgumentException.class, () -> channel.position(-1));
    }
  }

  @Test
  void readingAtAPlaceDoesNotMoveIt() throws Exception {
    file("f", "0123456789");
    try (var channel = open(READ)) {
      var buffer = ByteBuffer.allocateDirect(3);
      assertThat(channel.read(buffer, 5)).isEqualTo(3);
      assertThat(text(buffer)).isEqualTo("567");
      assertThat(channel.position()).isZero();
      buffer.clear();
      assertThat(channel.read(buffer, 10)).isEqualTo(-1);
      fails(IllegalArgumentException.class, () -> channel.read(buffer, -1));
    }
  }

  @Test
  void writingBeyondTheEndLeavesZeros() throws Exception {
    try (var channel = open(READ, WRITE, CREATE)) {
      channel.position(3);
      assertThat(channel.size()).isZero();
      assertThat(channel.write(bytes("ab"))).isEqualTo(2);
      assertThat(channel.position()).isEqualTo(5);
      assertThat(channel.write(direct("xy"), 7)).isEqualTo(2);
      assertThat(channel.position()).isEqualTo(5);
      assertThat(channel.size()).isEqualTo(9);
      channel.force(true);
    }
    assertThat(Files.readString(path("f"))).isEqualTo("\0\0\0ab\0\0xy");
  }

  @Test
  void buffersAreUsedWithinTheirLimits() throws Exception {
    try (var channel = open(READ, WRITE, CREATE)) {
      var whole = bytes("..abcd..");
      whole.position(2).limit(6);
      channel.write(whole.slice());
      assertThat(channel.write(whole.asReadOnlyBuffer(), 4)).isEqualTo(4);
      assertThat(whole.position()).isEqualTo(2);
      var target = bytes("--------");
      target.position(1).limit(4);
      assertThat(channel.read(target, 0)).isEqualTo(3);
      assertThat(target.position()).isEqualTo(4);
      assertThat(new String(target.array(), StandardCharsets.UTF_8)).isEqualTo("-abc----");
    }
    assertThat(Files.readString(path("f"))).isEqualTo("abcdabcd");
  }

  @Test
  void scatteredAndGatheredBuffersAreOneSequence() throws Exception {
    try (var channel = open(READ, WRITE, CREATE)) {
      var sources = new ByteBuffer[] {bytes("ab"), bytes(""), direct("cde"), bytes("f")};
      assertThat(channel.write(sources)).isEqualTo(6);
      channel.position(1);
      var targets =
          new ByteBuffer[] {
            ByteBuffer.allocate(2), ByteBuffer.allocateDirect(1), ByteBuffer.allocate(9)
          };
      assertThat(channel.read(targets)).isEqualTo(5);
      assertThat(text(targets[0])).isEqualTo("bc");
      assertThat(text(targets[1])).isEqualTo("d");
      assertThat(text(targets[2])).isEqualTo("ef");
      assertThat(channel.read(new ByteBuffer[] {ByteBuffer.allocate(1)})).isEqualTo(-1);
      assertThat(channel.position()).isEqualTo(6);
      fails(IndexOutOfBoundsException.class, () -> channel.read(targets, 2, 2));
    }
  }

  @Test
  void largeDirectBuffersAreWhole() throws Exception {
    var content = new byte[200_001];
    new Random(3).nextBytes(content);
    try (var channel = open(READ, WRITE, CREATE)) {
      var source = ByteBuffer.allocateDirect(content.length).put(content).flip();
      while (source.hasRemaining()) {
        channel.write(source);
      }
      var target = ByteBuffer.allocateDirect(content.length);
      channel.position(0);
      while (channel.read(target) > 0) {
        // Until all is there.
      }
      var read = new byte[content.length];
      target.flip().get(read);
      assertThat(read).isEqualTo(content);
    }
  }

  @Test
  void appendingGoesToTheEnd() throws Exception {
    file("f", "abc");
    try (var channel = open(APPEND);
        var other = open(WRITE)) {
      channel.write(bytes("d"));
      other.position(4);
      other.write(bytes("e"));
      channel.position(0);
      channel.write(bytes("f"));
      assertThat(channel.position()).isEqualTo(6);
    }
    assertThat(Files.readString(path("f"))).isEqualTo("abcdef");
  }

  @Test
  void truncatingCutsAndDoesNotExtend() throws Exception {
    file("f", "0123456789");
    try (var channel = open(READ, WRITE)) {
      channel.position(8);
      channel.truncate(20);
      assertThat(channel.size()).isEqualTo(10);
      assertThat(channel.position()).isEqualTo(8);
      channel.truncate(5);
      assertThat(channel.size()).isEqualTo(5);
      assertThat(channel.position()).isEqualTo(5);
      fails(IllegalArgumentException.class, () -> channel.truncate(-1));
    }
    assertThat(Files.readString(path("f"))).isEqualTo("01234");
  }

  @Test
  void aChannelDoesWhatItWasOpenedFor() throws Exception {
    file("f", "abc");
    try (var reader = open(READ);
        var writer = open(WRITE)) {
      fails(NonWritableChannelException.class, () -> reader.write(bytes("x")));
      fails(NonWritableChannelException.class, () -> reader.write(bytes("x"), 0));
      fails(NonWritableChannelException.class, () -> reader.truncate(0));
      fails(NonReadableChannelException.class, () -> writer.read(ByteBuffer.allocate(1)));
      fails(NonReadableChannelException.class, () -> writer.read(ByteBuffer.allocate(1), 0));
      fails(NonReadableChannelException.class, () -> writer.transferTo(0, 1, writer));
      fails(NonWritableChannelException.class, () -> reader.transferFrom(reader, 0, 1));
      fails(NonWritableChannelException.class, () -> reader.lock());
      fails(NonReadableChannelException.class, () -> writer.lock(0, 1, true));
    }
    assertThat(Files.readString(path("f"))).isEqualTo("abc");
  }

  @Test
  void aClosedChannelDoesNothing() throws Exception {
    file("f", "abc");
    var channel = open(READ, WRITE);
    channel.close();
    channel.close();
    assertThat(channel.isOpen()).isFalse();
    fails(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
    fails(ClosedChannelException.class, () -> channel.write(bytes("x"), 0));
    fails(ClosedChannelException.class, channel::size);
    fails(ClosedChannelException.class, channel::position);
    fails(ClosedChannelException.class, () -> channel.position(0));
    fails(ClosedChannelException.class, () -> channel.truncate(0));
    fails(ClosedChannelException.class, () -> channel.force(false));
    fails(ClosedChannelException.class, channel::tryLock);
  }

  @Test
  void aFileLivesAsLongAsItsChannel() throws Exception {
    file("f", "abc");
    try (var channel = open(READ, WRITE)) {
      Files.delete(path("f"));
      channel.write(bytes("xyz"), 3);
      var buffer = ByteBuffer.allocate(6);
      channel.read(buffer);
      assertThat(text(buffer)).isEqualTo("abcxyz");
    }
  }

  @Test
  void contentIsTransferred() throws Exception {
    var content = new byte[150_000];
    new Random(5).nextBytes(content);
    Files.write(path("f"), content);
    try (var from = open(READ);
        var to = FileChannel.open(path("g"), READ, WRITE, CREATE)) {
      long done = 0;
      while (done < content.length) {
        done += from.transferTo(done, content.length, to);
      }
      assertThat(from.position()).isZero();
      assertThat(Files.readAllBytes(path("g"))).isEqualTo(content);
      assertThat(from.transferTo(200_000, 10, to)).isZero();
      var out = new ByteArrayOutputStream();
      assertThat(from.transferTo(10, 20, Channels.newChannel(out))).isEqualTo(20);
      assertThat(out.toByteArray()).isEqualTo(java.util.Arrays.copyOfRange(content, 10, 30));
      fails(IllegalArgumentException.class, () -> from.transferTo(-1, 1, to));

      to.truncate(3);
      to.position(1);
      var in = Channels.newChannel(new ByteArrayInputStream(new byte[] {7, 8, 9}));
      assertThat(to.transferFrom(in, 2, 100)).isEqualTo(3);
      assertThat(to.position()).isEqualTo(1);
      assertThat(to.size()).isEqualTo(5);
      from.position(4);
      assertThat(to.transferFrom(from, 0, 2)).isEqualTo(2);
      assertThat(from.position()).isEqualTo(6);
      assertThat(Files.readAllBytes(path("g"))).containsExactly(content[4], content[5], 7, 8, 9);
    }
  }

  @Test
  void locksOfTheJvmDoNotOverlap() throws Exception {
    file("f", "");
    try (var channel = open(READ, WRITE);
        var other = open(READ, WRITE)) {
      var lock = channel.lock(10, 10, false);
      assertThat(lock.isValid()).isTrue();
      assertThat(lock.isShared()).isFalse();
      assertThat(lock.position()).isEqualTo(10);
      assertThat(lock.acquiredBy()).isSameAs(channel);
      if (!differs(Difference.LOCKS_ARE_FAKED)) {
        fails(OverlappingFileLockException.class, () -> channel.tryLock(19, 1, false));
        fails(OverlappingFileLockException.class, () -> other.tryLock(0, 11, true));
        fails(OverlappingFileLockException.class, () -> other.lock());
      }
      var behind = other.tryLock(20, 5, true);
      assertThat(behind.isShared()).isTrue();
      lock.release();
      lock.release();
      assertThat(lock.isValid()).isFalse();
      try (var again = other.lock(10, 10, false)) {
        assertThat(again.isValid()).isTrue();
      }
      var last = channel.lock(0, 1, false);
      channel.close();
      if (!differs(Difference.LOCKS_ARE_FAKED)) {
        assertThat(last.isValid()).isFalse();
        fails(ClosedChannelException.class, last::release);
      }
      other.lock(0, 1, false).close();
    }
  }

  @Test
  void anInterruptedThreadClosesItsChannel() throws Exception {
    file("f", "abc");
    try (var channel = open(READ, WRITE)) {
      Thread.currentThread().interrupt();
      fails(ClosedByInterruptException.class, () -> channel.read(ByteBuffer.allocate(1)));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(channel.isOpen()).isFalse();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void mappingIsReadOnlyMemoryOrUnsupported() throws Exception {
    file("f", "abc");
    try (var channel = open(READ)) {
      if (differs(Difference.NO_MAPPING)) {
        fails(
            UnsupportedOperationException.class,
            () -> channel.map(FileChannel.MapMode.READ_ONLY, 0, 3));
      } else {
        assertThat(channel.map(FileChannel.MapMode.READ_ONLY, 0, 3).get(1)).isEqualTo((byte) 'b');
      }
    }
  }
}
