package dev.vivarium.vfs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of accidents that have happened to an image which is opened without a check. */
class DamagedImageTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Of so many inodes, extents and names that the metadata is ten blocks. */
  private static Snapshot tree() throws Exception {
    var random = new Random(11);
    var vfs = Vfs.builder().clock(() -> Instant.ofEpochSecond(1)).build();
    var root = vfs.superuser();
    for (int i = 0; i < 5_000; i++) {
      var content = new byte[random.nextInt(200)];
      random.nextBytes(content);
      String path = "/d" + i % 61 + "/of some length, " + i;
      vfs.write(path, content);
      byte[] name = bytes(path);
      switch (i % 50) {
        case 0 -> vfs.symlink(root, bytes("/d1"), vfs.root(), bytes(path + ".link"));
        case 1 -> vfs.setXattr(root, vfs.root(), name, bytes("user.a"), content, 0, false);
        case 2 -> vfs.link(root, vfs.root(), name, false, vfs.root(), bytes("/d0/" + i + ".hard"));
        default -> {}
      }
    }
    return vfs.snapshot();
  }

  private static final class Fixture {
    final byte[] image;
    final int contentEnd;
    final Map<String, String> expected;

    Fixture() throws Exception {
      image = ImageRoundTripTest.write(tree());
      contentEnd = (int) ByteBuffer.wrap(image).getLong(image.length - ImageFormat.TRAILER + 16);
      expected = lines(tree());
    }

    int blocks() {
      return (int) Blocks.count(new ImageEditor(image).metadataLength());
    }

    private static Map<String, String> lines(Snapshot snapshot) throws Exception {
      var vfs = Vfs.fork(snapshot);
      var lines = new TreeMap<String, String>();
      for (String path : TreeText.paths(snapshot)) {
        lines.put(path, line(vfs, path));
      }
      return lines;
    }
  }

  private static String line(Vfs vfs, String path) throws ErrnoException {
    var root = vfs.superuser();
    byte[] name = bytes(path);
    var stat = vfs.stat(root, vfs.root(), name, false);
    var line = new StringBuilder();
    line.append(stat.mode()).append(' ').append(stat.nlink()).append(' ').append(stat.size());
    for (byte[] xattr : vfs.listXattr(root, vfs.root(), name, false)) {
      byte[] value = vfs.getXattr(root, vfs.root(), name, xattr, false);
      line.append(' ').append(new String(value, StandardCharsets.ISO_8859_1));
    }
    switch (stat.type()) {
      case REGULAR ->
          line.append(' ').append(new String(vfs.read(path), StandardCharsets.ISO_8859_1));
      case SYMLINK ->
          line.append(new String(vfs.readLink(root, vfs.root(), name), StandardCharsets.UTF_8));
      case DIRECTORY -> line.append(names(vfs, name));
      default -> {}
    }
    return line.toString();
  }

  private static List<String> names(Vfs vfs, byte[] path) throws ErrnoException {
    int flags = OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOATIME;
    var names = new ArrayList<String>();
    var directory = vfs.open(vfs.superuser(), vfs.root(), path, flags, 0);
    directory.readDirectory(
        2,
        (cookie, ino, type, name) -> {
          names.add(type + " " + new String(name, StandardCharsets.ISO_8859_1));
          return true;
        });
    directory.release();
    names.sort(null);
    return names;
  }

  private static byte[] damaged(byte[] image, Random random) {
    byte[] damaged = image.clone();
    int start = random.nextInt(image.length);
    int length = 1 + random.nextInt(random.nextBoolean() ? 4 : 40_000);
    var noise = new byte[Math.min(length, image.length - start)];
    random.nextBytes(noise);
    noise[0] = (byte) (image[start] + 1);
    System.arraycopy(noise, 0, damaged, start, noise.length);
    return damaged;
  }

  @Test
  void whateverBytesAreDamagedItIsRefusedOrWhatCanBeReadIsRight() throws Exception {
    var fixture = new Fixture();
    int refused = 0;
    int errors = 0;
    for (int seed = 0; seed < 60; seed++) {
      byte[] damaged = damaged(fixture.image, new Random(seed));
      var told = new AtomicInteger();
      Vfs vfs;
      try {
        vfs = Vfs.fork(ImageReader.openTrusted(new ArrayBytes(damaged), told::incrementAndGet));
      } catch (ImageFormatException e) {
        refused++;
        continue;
      }
      int found = 0;
      for (var path : fixture.expected.entrySet()) {
        try {
          assertThat(line(vfs, path.getKey())).isEqualTo(path.getValue());
        } catch (ErrnoException e) {
          assertThat(e.errno()).as("seed %d, %s", seed, path.getKey()).isEqualTo(Errno.EIO);
          found++;
        }
      }
      assertThat(found > 0).as("seed %d", seed).isEqualTo(told.get() > 0);
      errors += found > 0 ? 1 : 0;
    }
    assertThat(refused).isBetween(3, 40);
    assertThat(errors).isBetween(20, 57);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatIsDoneToADamagedTreeIsDoneOrFailsAsItWouldForEveryOther(long seed) throws Exception {
    var fixture = new Fixture();
    var random = new Random(seed);
    byte[] damaged = fixture.image.clone();
    // One block of metadata, not the first: there is the root.
    int block = 1 + random.nextInt(8);
    damaged[fixture.contentEnd + block * ImageFormat.BLOCK + random.nextInt(1000)]++;
    var base = ImageReader.openTrusted(new ArrayBytes(damaged), () -> {});
    var vfs = Vfs.fork(base);
    var paths = new ArrayList<>(fixture.expected.keySet());

    int failed = 0;
    for (int i = 0; i < 2_000; i++) {
      String path = paths.get(random.nextInt(paths.size()));
      String other = paths.get(random.nextInt(paths.size()));
      String answer =
          StoredTreeTest.act(vfs, random.nextInt(8), path, other, random.nextInt(9_000));
      failed += answer.startsWith("EIO") ? 1 : 0;
    }
    assertThat(failed).isPositive();
    vfs.write("/new", bytes("new"));

    var state = vfs.snapshot();
    assertThat(state.diff(base)).anyMatch(change -> change.pathText().equals("/new"));
    assertThat(base.diff(Vfs.builder().build().snapshot())).isNotEmpty();
    assertThat(vfs.check()).anyMatch(line -> line.endsWith("cannot be read"));
    // What is incomplete is not written as if it were whole.
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> ImageWriter.write(state, new ByteArrayOutputStream()))
        .withMessageContaining("EIO");
  }

  @Test
  void openingLooksAtNothingButTheRootAndItsEntries() throws Exception {
    var fixture = new Fixture();
    int entries = new ImageEditor(fixture.image).inodes() * ImageFormat.INODE;
    int text = new ImageEditor(fixture.image).textBase();
    byte[] damaged = fixture.image.clone();
    for (int i = ImageFormat.HEADER; i < fixture.contentEnd; i++) {
      damaged[i]++;
    }
    for (int block = 1; block < fixture.blocks(); block++) {
      if (block != entries / ImageFormat.BLOCK && block != text / ImageFormat.BLOCK) {
        damaged[fixture.contentEnd + block * ImageFormat.BLOCK]++;
      }
    }
    var told = new AtomicInteger();

    ImageReader.openTrusted(new ArrayBytes(damaged), told::incrementAndGet);

    assertThat(told).hasValue(0);
    assertThatThrownBy(() -> ImageRoundTripTest.read(damaged)).hasMessageContaining("checksum");
  }

  @Test
  void anImageWhoseRootIsDamagedIsRefused() throws Exception {
    var fixture = new Fixture();
    int text = fixture.contentEnd + new ImageEditor(fixture.image).textBase();
    for (int at : new int[] {fixture.contentEnd, text}) {
      byte[] damaged = fixture.image.clone();
      damaged[at]++;
      var told = new AtomicInteger();

      assertThatThrownBy(
              () -> ImageReader.openTrusted(new ArrayBytes(damaged), told::incrementAndGet))
          .isExactlyInstanceOf(ImageFormatException.class)
          .hasMessageContaining("root");
      assertThat(told).hasValue(1);
    }
    byte[] image = new ImageEditor(fixture.image).inode(1, 0, 0100644).sealed();
    assertThatThrownBy(() -> ImageReader.openTrusted(new ArrayBytes(image), () -> {}))
        .isExactlyInstanceOf(ImageFormatException.class);
  }

  @Test
  void countsThatLeadElsewhereAreErrors() throws Exception {
    byte[] image = ImageRoundTripTest.write(RandomTree.of(3, 60));
    var random = new Random(1);
    for (int i = 0; i < 300; i++) {
      var editor = new ImageEditor(image);
      int inode = 2 + random.nextInt(editor.inodes() - 1);
      editor.inode(inode, random.nextBoolean() ? 56 : 60, random.nextInt());
      var vfs = Vfs.fork(ImageReader.openTrusted(new ArrayBytes(editor.sealed()), () -> {}));
      try {
        TreeText.of(vfs.snapshot());
      } catch (ErrnoException e) {
        assertThat(e.errno()).isEqualTo(Errno.EIO);
      }
    }
  }
}
