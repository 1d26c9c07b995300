package dev.vivarium.vfs.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.posix.OpenFlags;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRoundTripTest {

  static byte[] write(Snapshot snapshot) throws IOException {
    var image = new ByteArrayOutputStream();
    ImageWriter.write(snapshot, image);
    return image.toByteArray();
  }

  static Snapshot read(byte[] image) throws IOException {
    return ImageReader.open(new ArrayBytes(image));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void aTreeComesBackInAllThatCanBeFoundOutAboutIt(long seed) throws Exception {
    var snapshot = RandomTree.of(seed, 150);
    byte[] image = write(snapshot);

    var restored = read(image);

    assertThat(TreeText.of(restored)).isEqualTo(TreeText.of(snapshot));
    assertThat(Vfs.fork(restored).check()).isEmpty();
    assertThat(write(restored)).isEqualTo(image);
  }

  @Test
  void theTreesOfTheseTestsHaveAllKindsOfInodesAndLinks() throws Exception {
    assertThat(TreeText.of(RandomTree.of(1, 150)))
        .contains(" 4", " 10", " 120777 ", " -> ", " is /", " 1099511627776 ")
        .satisfies(text -> assertThat(text.lines().count()).isGreaterThan(100));
  }

  @Test
  void anEmptyTreeComesBack() throws Exception {
    var snapshot = Vfs.builder().build().snapshot();

    assertThat(TreeText.of(read(write(snapshot)))).isEqualTo(TreeText.of(snapshot));
  }

  @Test
  void theSameTreeGivesTheSameBytesWhateverItsHistoryWas() throws Exception {
    var straight = Vfs.builder().clock(() -> java.time.Instant.EPOCH).build();
    straight.write("/a/1", bytes("one"));
    straight.write("/a/2", bytes("two"));

    var detour = Vfs.builder().clock(() -> java.time.Instant.EPOCH).build();
    detour.write("/gone", new byte[100_000]);
    detour.write("/a/2", bytes("something else, and longer"));
    detour.write("/a/2", bytes("two"));
    detour.write("/a/1", bytes("one"));
    detour.unlink(detour.superuser(), detour.root(), bytes("gone"));

    assertThat(write(detour.snapshot())).isEqualTo(write(straight.snapshot()));
  }

  @Test
  void writingLeavesTheSnapshotAsItWas() throws Exception {
    var vfs = Vfs.builder().build();
    vfs.write("/file", bytes("content"));
    var snapshot = vfs.snapshot();
    String before = TreeText.of(snapshot);

    write(snapshot);

    assertThat(TreeText.of(snapshot)).isEqualTo(before);
  }

  @Test
  void aHoleOfATebibyteTakesNoRoom() throws Exception {
    var vfs = Vfs.builder().build();
    var file =
        vfs.open(
            vfs.superuser(),
            vfs.root(),
            bytes("sparse"),
            OpenFlags.O_WRONLY | OpenFlags.O_CREAT,
            0600);
    file.pwrite(bytes("x"), 0, 1, 1L << 40);
    file.release();
    var snapshot = vfs.snapshot();

    byte[] image = write(snapshot);

    assertThat(image).hasSizeLessThan(500);
    assertThat(TreeText.of(read(image))).isEqualTo(TreeText.of(snapshot));
  }

  @Test
  void aTreeAsDeepAsYouLikeComesBack() throws Exception {
    var vfs = Vfs.builder().quota(Quota.UNLIMITED).build();
    Location at = vfs.root();
    for (int i = 0; i < 20_000; i++) {
      vfs.makeDirectory(vfs.superuser(), at, bytes("d"), 0755);
      at = vfs.directory(vfs.superuser(), at, bytes("d"));
    }
    byte[] image = write(vfs.snapshot());

    assertThat(write(read(image))).isEqualTo(image);
  }

  @Test
  void contentOfManyBlocksComesBack() throws Exception {
    var vfs = Vfs.builder().build();
    var content = new byte[3_000_000];
    new java.util.Random(7).nextBytes(content);
    vfs.write("/noise", content);
    vfs.write("/zeros", new byte[3_000_000]);

    byte[] image = write(vfs.snapshot());
    var restored = Vfs.fork(read(image));

    assertThat(restored.read("/noise")).isEqualTo(content);
    assertThat(restored.read("/zeros")).isEqualTo(new byte[3_000_000]);
    assertThat(image).hasSizeBetween(6_000_000, 6_002_000);
  }

  @Test
  void aFailureOfTheStreamIsThatOfTheCall() throws Exception {
    var snapshot = Vfs.builder().build().snapshot();
    var failing =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("disk full");
          }
        };

    assertThatThrownBy(() -> ImageWriter.write(snapshot, failing)).hasMessage("disk full");
  }
}
