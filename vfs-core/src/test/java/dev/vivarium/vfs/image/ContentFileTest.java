package dev.vivarium.vfs.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ContentFileTest {
  private static final int PAGE = 4096;

  private final Vfs vfs = Vfs.builder().build();
  @TempDir Path directory;
  private Path path;
  private ContentFile contents;

  @BeforeEach
  void create() throws IOException {
    contents = ContentFile.create(directory, "contents-");
    try (var files = Files.list(directory)) {
      path = files.findFirst().orElseThrow();
    }
  }

  @Test
  void contentIsReadBeforeAndAfterItIsOnTheDiskAndWhenTheFileHasBeenRemoved() throws Exception {
    byte[] small = noise(1, 5_000);
    byte[] large = noise(2, 1_000_000);
    put("/small", small);
    assertThat(vfs.read("/small")).isEqualTo(small);
    put("/large", large);
    put("/last", small);

    assertRead("/small", small);
    assertRead("/large", large);
    contents.close();
    assertThat(path).doesNotExist();
    assertRead("/large", large);
    assertRead("/last", small);
    assertThat(vfs.check()).isEmpty();
  }

  @Test
  void contentThatLiesAcrossMappedSegmentsIsWhole() throws Exception {
    byte[] part = noise(3, (1 << 24) + 12_345);
    for (int i = 0; i < 5; i++) {
      put("/part" + i, part);
      assertThat(vfs.read("/part" + i)).isEqualTo(part);
    }
    for (int i = 0; i < 5; i++) {
      assertThat(vfs.read("/part" + i)).isEqualTo(part);
    }
  }

  @Test
  void aFileThatIsWrittenHasPagesOfItsOwnAndLeavesTheOthersAlone() throws Exception {
    byte[] content = noise(4, 3 * PAGE + 100);
    put("/file", content);
    var before = vfs.snapshot();
    var file = open("/file", OpenFlags.O_RDWR);
    file.pwrite(new byte[] {1, 2, 3}, 0, 3, PAGE + 10);
    file.truncate(2 * PAGE + 5);
    file.truncate(3 * PAGE);
    file.release();

    byte[] expected = Arrays.copyOf(Arrays.copyOf(content, 2 * PAGE + 5), 3 * PAGE);
    System.arraycopy(new byte[] {1, 2, 3}, 0, expected, PAGE + 10, 3);
    assertThat(vfs.read("/file")).isEqualTo(expected);
    assertThat(Vfs.fork(before).read("/file")).isEqualTo(content);
    assertThat(vfs.check()).isEmpty();
  }

  @Test
  void itIsChargedLikeWhatIsWrittenAndRefusedAsAWhole() throws Exception {
    var small = Vfs.builder().quota(Quota.UNLIMITED.withBytes(10 * PAGE)).build();
    var file = create(small, "/file");
    contents.write(file, 0, noise(5, 5 * PAGE), 0, 5 * PAGE);
    long free = file.statFileSystem().freeBlocks();
    assertErrno(
        Errno.ENOSPC, () -> contents.write(file, 8 * PAGE, noise(5, 9 * PAGE), 0, 9 * PAGE));
    assertThat(file.stat().size()).isEqualTo(5 * PAGE);
    assertThat(file.statFileSystem().freeBlocks()).isEqualTo(free);
    file.truncate(0);
    assertThat(file.statFileSystem().freeBlocks()).isEqualTo(free + 5);
    file.release();
    assertThat(small.check()).isEmpty();
  }

  @Test
  void onlyAHoleOfAFileThatIsOpenForWritingGetsContent() throws Exception {
    byte[] page = noise(6, PAGE);
    var file = create(vfs, "/file");
    contents.write(file, 2 * PAGE, page, 0, PAGE);
    assertErrno(Errno.EINVAL, () -> contents.write(file, -1, page, 0, PAGE));
    assertErrno(Errno.EINVAL, () -> contents.write(file, 1, page, 0, 10));
    assertErrno(Errno.EINVAL, () -> contents.write(file, PAGE, new byte[2 * PAGE], 0, 2 * PAGE));
    assertErrno(Errno.EINVAL, () -> contents.write(file, 2 * PAGE, page, 0, 1));
    contents.write(file, 0, page, 0, 10);
    contents.write(file, PAGE, page, 0, 0);
    file.release();
    byte[] expected = new byte[3 * PAGE];
    System.arraycopy(page, 0, expected, 0, 10);
    System.arraycopy(page, 0, expected, 2 * PAGE, PAGE);
    assertThat(vfs.read("/file")).isEqualTo(expected);

    var reader = open("/file", OpenFlags.O_RDONLY);
    assertErrno(Errno.EBADF, () -> contents.write(reader, 4 * PAGE, page, 0, PAGE));
    var directory = open("/", OpenFlags.O_RDONLY);
    assertErrno(Errno.EOPNOTSUPP, () -> contents.write(directory, 0, page, 0, PAGE));
    reader.release();
    directory.release();
  }

  @Test
  void itBecomesTheImageOfATreeThatHasOtherContentToo() throws Exception {
    put("/d/b", noise(7, 100_000));
    put("/a", noise(8, 3 * PAGE));
    vfs.write("/heap", noise(9, 70_000));
    // Shared with another name, with a hole, cut and grown again, partly written.
    var clone = create(vfs, "/clone");
    var original = open("/d/b", OpenFlags.O_RDONLY);
    Transfer.cloneFile(original, clone);
    clone.pwrite(noise(10, 10), 0, 10, 5 * PAGE);
    clone.release();
    original.release();
    var sparse = create(vfs, "/sparse");
    contents.write(sparse, 4 * PAGE, noise(11, PAGE + 7), 0, PAGE + 7);
    sparse.truncate(20 * PAGE);
    sparse.release();
    var cut = create(vfs, "/cut");
    contents.write(cut, 0, noise(12, 2 * PAGE), 0, 2 * PAGE);
    cut.truncate(PAGE + 1);
    cut.truncate(2 * PAGE);
    cut.release();
    var tree = vfs.snapshot();

    assertThat(contents.suits(tree)).isTrue();
    assertThat(contents.finish(tree)).isEqualTo(path);
    contents.close();

    var read = ImageReader.openTrusted(path, () -> {});
    assertThat(TreeText.of(read)).isEqualTo(TreeText.of(tree));
    assertThat(image(read)).isEqualTo(image(tree));
    assertThat(Files.size(path)).isLessThan(100_000 + 70_000 + 12 * PAGE + 20_000);
  }

  @Test
  void itDoesNotSuitATreeThatHasLittleOfIt() throws Exception {
    put("/much", noise(13, 80_000));
    put("/more", noise(14, 20_000));
    assertThat(contents.suits(vfs.snapshot())).isTrue();
    vfs.unlink(vfs.superuser(), vfs.root(), "/more".getBytes(UTF_8));
    assertThat(contents.suits(vfs.snapshot())).isFalse();
    assertThat(contents.suits(Vfs.builder().build().snapshot())).isFalse();
  }

  @Test
  void contentThatSeveralFilesHaveCountsOnce() throws Exception {
    put("/a", noise(13, 20_000));
    put("/unused", noise(14, 80_000));
    for (int i = 0; i < 8; i++) {
      var clone = create(vfs, "/clone" + i);
      var original = open("/a", OpenFlags.O_RDONLY);
      Transfer.cloneFile(original, clone);
      original.release();
      clone.release();
    }
    vfs.unlink(vfs.superuser(), vfs.root(), "/unused".getBytes(UTF_8));
    assertThat(contents.suits(vfs.snapshot())).isFalse();
  }

  @Test
  void onlyItsOwnerReadsIt() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
  }

  @Test
  void whatIsCutIsAnErrorToWhoReadsItAndStaysCut() throws Exception {
    byte[] content = noise(18, 300_000);
    put("/before", content);
    put("/after", content);
    put("/rest", new byte[100_000]);
    assertThat(vfs.read("/before")).isEqualTo(content);
    Files.write(path, new byte[0]);
    for (var name : List.of("/before", "/after")) {
      assertThatThrownBy(() -> vfs.read(name))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EIO));
    }
    assertThat(path).isEmptyFile();
  }

  @Test
  void whatIsDiscardedHasNoRoom() throws Exception {
    put("/file", noise(19, 300_000));
    contents.discard();
    assertThat(path).doesNotExist();
    assertThatThrownBy(() -> vfs.read("/file")).isInstanceOf(ErrnoException.class);
  }

  @Test
  void whatHasEndedTakesNothingMore() throws Exception {
    put("/file", noise(15, 100));
    var tree = vfs.snapshot();
    contents.finish(tree);
    var file = create(vfs, "/other");
    assertThatThrownBy(() -> contents.write(file, 0, new byte[10], 0, 10))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("takes no more");
    assertThat(file.stat().size()).isZero();
    file.release();
    assertThatThrownBy(() -> contents.finish(tree)).isInstanceOf(IOException.class);
    contents.close();
    assertThat(path).exists();
  }

  @Test
  void aReaderThatIsInterruptedLeavesItToTheOthers() throws Exception {
    byte[] content = noise(17, 200_000);
    put("/file", content);
    Thread.currentThread().interrupt();
    assertThat(vfs.read("/file")).isEqualTo(content);
    assertThat(Thread.interrupted()).isTrue();
    put("/other", content);
    put("/last", content);
    assertThat(vfs.read("/file")).isEqualTo(content);
    assertThat(vfs.read("/other")).isEqualTo(content);
  }

  @Test
  void readersGoOnWhileItIsWritten() throws Exception {
    byte[] first = noise(16, 300_000);
    put("/first", first);
    var reading = Vfs.fork(vfs.snapshot());
    var reader =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < 300; i++) {
                  assertThat(reading.read("/first")).isEqualTo(first);
                }
              } catch (ErrnoException e) {
                throw new AssertionError(e);
              }
            });
    for (int i = 0; i < 300; i++) {
      byte[] content = noise(i, 20_000 + i);
      put("/file" + i, content);
      assertThat(vfs.read("/file" + i)).isEqualTo(content);
    }
    reader.join();
  }

  private void put(String name, byte[] content) throws IOException, ErrnoException {
    int slash = name.lastIndexOf('/');
    if (slash > 0) {
      vfs.makeDirectories(name.substring(0, slash));
    }
    var file = create(vfs, name);
    contents.write(file, 0, content, 0, content.length);
    file.release();
  }

  private static FileDescription create(Vfs vfs, String name) throws ErrnoException {
    int flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
    return vfs.open(vfs.superuser(), vfs.root(), name.getBytes(UTF_8), flags, 0644);
  }

  private FileDescription open(String name, int flags) throws ErrnoException {
    return vfs.open(vfs.superuser(), vfs.root(), name.getBytes(UTF_8), flags, 0);
  }

  private void assertRead(String name, byte[] content) throws ErrnoException {
    assertThat(vfs.read(name)).isEqualTo(content);
  }

  private static byte[] image(Snapshot tree) throws IOException {
    var out = new ByteArrayOutputStream();
    ImageWriter.write(tree, out);
    return out.toByteArray();
  }

  private static byte[] noise(int seed, int length) {
    var noise = new byte[length];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  /** Something that fails with an errno. */
  private interface Call {
    void run() throws IOException, ErrnoException;
  }

  private static void assertErrno(Errno errno, Call call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }
}
