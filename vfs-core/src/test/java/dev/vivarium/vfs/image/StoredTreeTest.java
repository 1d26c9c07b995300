package dev.vivarium.vfs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MappingFault;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a filesystem does whose base lies in an image. */
class StoredTreeTest {
  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] noise(int length) {
    var noise = new byte[length];
    new Random(length).nextBytes(noise);
    return noise;
  }

  private static Snapshot stored(Snapshot snapshot) throws Exception {
    return ImageReader.openTrusted(new ArrayBytes(ImageRoundTripTest.write(snapshot)), () -> {});
  }

  private static Vfs fork(Snapshot base) {
    return Vfs.builder().base(base).clock(() -> Instant.ofEpochSecond(1_000_000)).build();
  }

  /** The same calls on both, which must come out alike. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void whatIsDoneToAStoredTreeHasTheSameEffectAsOnOneInTheHeap(long seed) throws Exception {
    var snapshot = RandomTree.of(seed, 120);
    var image = stored(snapshot);
    var inHeap = fork(snapshot);
    var inImage = fork(image);

    var random = new Random(seed);
    var paths = TreeText.paths(snapshot);
    for (int i = 0; i < 300; i++) {
      if (i % 50 == 0) {
        paths = TreeText.paths(inHeap.snapshot());
      }
      String path = paths.get(random.nextInt(paths.size()));
      String other = paths.get(random.nextInt(paths.size()));
      int what = random.nextInt(8);
      int size = random.nextInt(3) == 0 ? random.nextInt(1 << 20) : random.nextInt(20_000);
      assertThat(act(inImage, what, path, other, size))
          .isEqualTo(act(inHeap, what, path, other, size));
    }

    assertThat(TreeText.of(inImage.snapshot())).isEqualTo(TreeText.of(inHeap.snapshot()));
    assertThat(inImage.check()).isEmpty();
    assertThat(TreeText.of(image)).isEqualTo(TreeText.of(snapshot));
  }

  private static List<String> kinds(List<Change> changes) {
    return changes.stream()
        .map(change -> change.kind() + " " + new String(change.path(), StandardCharsets.ISO_8859_1))
        .toList();
  }

  static String act(Vfs vfs, int what, String path, String other, int size)
      throws InterruptedException {
    var root = vfs.superuser();
    var at = vfs.root();
    try {
      switch (what) {
        case 0 -> vfs.unlink(root, at, bytes(path));
        case 1 -> vfs.rename(root, at, bytes(path), at, bytes(other));
        case 2 -> vfs.link(root, at, bytes(path), false, at, bytes(other + "x"));
        case 3 -> vfs.truncate(root, at, bytes(path), size);
        case 4 -> vfs.changeMode(root, at, bytes(path), size & 0777, true);
        case 5 -> vfs.removeDirectory(root, at, bytes(path));
        default -> {
          int flags =
              OpenFlags.O_WRONLY | OpenFlags.O_NONBLOCK | (what == 6 ? 0 : OpenFlags.O_APPEND);
          var file = vfs.open(root, at, bytes(path), flags, 0);
          try {
            file.write(noise(size), 0, size);
            file.allocate(0x03, size / 2, 5_000);
          } finally {
            file.release();
          }
        }
      }
      return "done";
    } catch (ErrnoException e) {
      return e.getMessage();
    }
  }

  @Test
  void oneChangeIsAllTheDifference() throws Exception {
    var vfs = Vfs.builder().build();
    for (int i = 0; i < 500; i++) {
      vfs.write("/d" + i % 7 + "/f" + i, noise(i * 10));
    }
    var image = stored(vfs.snapshot());
    var fork = Vfs.fork(image);

    fork.write("/d3/f10", bytes("other"));

    assertThat(kinds(fork.snapshot().diff(image))).containsExactly("CHANGED /d3/f10");
    assertThat(Vfs.fork(image).read("/d3/f10")).isEqualTo(noise(100));
  }

  @Test
  void whatAnImageHasIsFreeAndAFirstWriteIsCharged() throws Exception {
    var vfs = Vfs.builder().build();
    vfs.write("/large", noise(1 << 20));
    var image = stored(vfs.snapshot());
    var fork = Vfs.builder().base(image).quota(Quota.DEFAULT.withBytes(8192)).build();
    var file = fork.open(fork.superuser(), fork.root(), bytes("large"), OpenFlags.O_RDWR, 0);

    assertThat(file.pwrite(bytes("x"), 0, 1, 100_000)).isEqualTo(1);
    assertThat(file.pwrite(bytes("x"), 0, 1, 200_000)).isEqualTo(1);
    assertThatThrownBy(() -> file.pwrite(bytes("x"), 0, 1, 300_000)).hasMessageContaining("ENOSPC");
    file.truncate(36 * 4096);
    assertThat(fork.check()).isEmpty();
    assertThat(file.pwrite(bytes("x"), 0, 1, 0)).isEqualTo(1);
    file.release();
    fork.unlink(fork.superuser(), fork.root(), bytes("large"));
    assertThat(fork.check()).isEmpty();
  }

  @Test
  void threadsThatLookAtTheSameImageSeeTheSameTree() throws Exception {
    var snapshot = RandomTree.of(5, 400);
    String expected = TreeText.of(snapshot);
    for (int round = 0; round < 20; round++) {
      var image = stored(snapshot);
      var barrier = new CyclicBarrier(4);
      var tasks = new ArrayList<FutureTask<Snapshot>>();
      for (int i = 0; i < 4; i++) {
        tasks.add(
            new FutureTask<>(
                () -> {
                  barrier.await();
                  assertThat(TreeText.of(image)).isEqualTo(expected);
                  var fork = Vfs.fork(image);
                  fork.write("/of a thread", bytes("x"));
                  return fork.snapshot();
                }));
      }
      tasks.forEach(task -> new Thread(task).start());
      for (var task : tasks) {
        assertThat(kinds(task.get().diff(image)))
            .containsExactly("CHANGED /", "ADDED /of a thread");
      }
    }
  }

  @Test
  void contentThatIsDamagedIsAnErrorToWhoReadsItAndToNobodyElse() throws Exception {
    var vfs = Vfs.builder().build();
    vfs.write("/a", noise(200_000));
    vfs.write("/b", noise(200_001));
    byte[] image = ImageRoundTripTest.write(vfs.snapshot());
    image[150_000]++;
    var fork = Vfs.fork(ImageRoundTripTest.read(image));
    var root = fork.superuser();
    var file = fork.open(root, fork.root(), bytes("a"), OpenFlags.O_RDWR, 0);
    var buffer = new byte[200_000];

    // What comes before it can be had.
    assertThat(file.pread(buffer, 0, buffer.length, 0)).isBetween(100_000, 150_000);
    assertThatThrownBy(() -> file.pread(buffer, 0, 1, 150_000)).hasMessageContaining("EIO");
    assertThatThrownBy(() -> file.pwrite(buffer, 0, 1, 150_000)).hasMessageContaining("EIO");
    assertThatThrownBy(() -> file.truncate(150_000)).hasMessageContaining("EIO");
    assertThat(file.stat().size()).isEqualTo(200_000);
    assertThat(fork.read("/b")).isEqualTo(noise(200_001));
    assertThat(fork.check()).isEmpty();
    // What is written as a whole needs nothing of it.
    fork.write("/a", noise(200_000));
    assertThat(fork.read("/a")).isEqualTo(noise(200_000));
    file.release();
    assertThatThrownBy(() -> ImageRoundTripTest.write(ImageRoundTripTest.read(image)))
        .hasMessageContaining("cannot be read");
  }

  @Test
  void contentIsReadWhenItIsTouchedAndAnInterruptDoesNotEndThat() throws Exception {
    var vfs = Vfs.builder().build();
    vfs.write("/file", noise(300_000));
    var file = directory.resolve("image");
    Files.write(file, ImageRoundTripTest.write(vfs.snapshot()));
    var fork = Vfs.fork(ImageReader.open(file));
    Files.delete(file);

    Thread.currentThread().interrupt();
    assertThat(fork.read("/file")).isEqualTo(noise(300_000));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(fork.read("/file")).isEqualTo(noise(300_000));
  }

  @Test
  void aCloneOfAStoredFileIsReadFromTheImageUntilItIsWritten() throws Exception {
    var vfs = Vfs.builder().build();
    vfs.write("/file", noise(10_000));
    var fork = fork(stored(vfs.snapshot()));
    var other = Vfs.builder().build();
    int flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT;
    var file = fork.open(fork.superuser(), fork.root(), bytes("file"), OpenFlags.O_RDONLY, 0);
    var clone = other.open(other.superuser(), other.root(), bytes("clone"), flags, 0644);

    Transfer.cloneFile(file, clone);

    assertThat(other.read("/clone")).isEqualTo(noise(10_000));
    clone.pwrite(noise(5_000), 0, 5_000, 2_000);
    byte[] written = noise(10_000);
    System.arraycopy(noise(5_000), 0, written, 2_000, 5_000);
    assertThat(other.read("/clone")).isEqualTo(written);
    assertThat(fork.read("/file")).isEqualTo(noise(10_000));
    file.release();
    clone.release();
    assertThat(other.check()).isEmpty();
  }

  @Test
  void aFileThatIsCutUnderTheMappingIsAnErrorToWhoReadsIt() throws Exception {
    var vfs = Vfs.builder().build();
    vfs.write("/file", noise(3_000_000));
    var file = directory.resolve("image");
    Files.write(file, ImageRoundTripTest.write(vfs.snapshot()));
    var fork = Vfs.fork(ImageReader.open(file));
    // Read again, it is mapped.
    for (int i = 0; i < 2; i++) {
      assertThat(fork.read("/file")).hasSize(3_000_000);
    }
    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("mapper")) {
        thread.join();
      }
    }

    try (var cut = new RandomAccessFile(file.toFile(), "rw")) {
      cut.setLength(10);
    }

    // Again and again: code that is compiled is told of faults later.
    for (int i = 0; i < 200; i++) {
      try {
        assertThatThrownBy(() -> fork.read("/file"))
            .satisfiesAnyOf(
                thrown -> assertThat(thrown).isSameAs(Errno.EIO.exception()),
                thrown ->
                    assertThat(thrown)
                        .isInstanceOfSatisfying(
                            InternalError.class, e -> assertThat(MappingFault.isOne(e)).isTrue()));
      } catch (InternalError e) {
        // The JVM may say it once more, when everything has returned that looks out for it.
        assertThat(MappingFault.isOne(e)).isTrue();
      }
    }
  }

  @Test
  void aDirectoryOfManyNamesAndAFileOfManyPagesComeBack() throws Exception {
    var vfs = Vfs.builder().build();
    for (int i = 0; i < 20_000; i++) {
      vfs.write("/many/" + i, new byte[0]);
    }
    vfs.write("/large", noise(9_000_000));

    var fork = Vfs.fork(stored(vfs.snapshot()));

    assertThat(fork.check()).isEmpty();
    assertThat(fork.read("/large")).isEqualTo(noise(9_000_000));
    for (int i = 0; i < 20_000; i += 999) {
      assertThat(fork.read("/many/" + i)).isEmpty();
    }
  }
}
