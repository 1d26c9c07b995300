package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ContentFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What anybody may have made is refused with a line that names it, and nothing has happened. */
class HostileArchiveTest {
  @TempDir Path directory;

  interface Content {
    Archive fill(Archive archive) throws IOException;
  }

  private static Arguments refused(String member, Content content) {
    return Arguments.of(member, content);
  }

  static Stream<Arguments> members() {
    return Stream.of(
        refused("../a", archive -> archive.file("../a", "")),
        refused("a/../../b", archive -> archive.file("a/../../b", "")),
        refused("a/..", archive -> archive.directory("a/..")),
        refused("/a", archive -> archive.file("/a", "")),
        refused("a", archive -> archive.file("a", "1").file("a", "2")),
        refused("./a", archive -> archive.file("a", "1").file("./a", "2")),
        refused("d/", archive -> archive.directory("d").directory("d/")),
        refused("./", archive -> archive.directory("./").directory("./")),
        refused("l", archive -> archive.symlink("l", "..")),
        refused("d/l", archive -> archive.symlink("d/l", "../../x")),
        refused("d/e", archive -> archive.symlink("d/e", "/x/../../y")),
        refused("l", archive -> archive.link("l", "/etc/passwd")),
        refused("l", archive -> archive.link("l", "../x")),
        refused("l", archive -> archive.link("l", "missing")),
        refused("l", archive -> archive.directory("d").link("l", "d")),
        refused("l", archive -> archive.link("l", ".")),
        refused("l/x", archive -> archive.symlink("l", "/").file("l/x", "")),
        refused("m", archive -> archive.symlink("l", "/").link("m", "l/base")),
        refused("l/x", archive -> archive.symlink("k", "/").link("l", "k").file("l/x", "")),
        refused("f/x", archive -> archive.file("f", "").file("f/x", "")),
        refused("d", archive -> archive.file("d/x", "").file("d", "")),
        refused("c", archive -> archive.member("c", TarEntry.CHARACTER_DEVICE, 0, "")),
        refused("b", archive -> archive.member("b", TarEntry.BLOCK_DEVICE, 0, "")),
        refused("s", archive -> archive.member("s", 'S', 0, "")),
        refused(".wh.", archive -> archive.file(".wh.", "")),
        refused("d/.wh...", archive -> archive.file("d/.wh...", "")),
        refused("n".repeat(256), archive -> archive.file("n".repeat(256), "")),
        refused("./", archive -> archive.file("./", "")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("members")
  void aMemberThatNoBoxHasIsRefusedByName(String member, Content content) throws Exception {
    var base = TestTree.empty().file("/base", "").snapshot();
    byte[] before = TestTree.image(base);
    var reader = new LayerReader(base, Limits.DEFAULT);
    var archive = content.fill(new Archive()).stream();
    assertThatThrownBy(() -> reader.apply(archive))
        .isInstanceOf(BoxFormatException.class)
        .hasMessageContaining("'" + member + "'");
    assertThat(TestTree.image(base)).isEqualTo(before);
  }

  /** A link of a lower layer is followed in the tree only, and not for ever. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"self/x", "round/x", "file/x", "d0/x", "wide/x", "own/x", "new/x"})
  void aMemberBelowALinkThatLeadsNowhereIsRefusedByName(String member) throws Exception {
    var tree = TestTree.empty().file("/base", "");
    tree.symlink("/self", "self").symlink("/round", "a/../trip").symlink("/trip", "round");
    tree.symlink("/file", "base").symlink("/own", "link/y").symlink("/new", "link");
    var wide = new StringBuilder();
    for (int i = 0; i <= 40; i++) {
      tree.symlink("/d" + i, "d" + (i + 1)).symlink("/w" + i, "made" + i);
      wide.append("w").append(i).append("/../");
    }
    tree.symlink("/wide", wide.toString());
    var base = tree.snapshot();
    byte[] before = TestTree.image(base);
    var reader = new LayerReader(base, Limits.DEFAULT);
    var archive = new Archive().symlink("link", "/away").file(member, "").stream();
    assertThatThrownBy(() -> reader.apply(archive))
        .isInstanceOf(BoxFormatException.class)
        .hasMessageContaining("'" + member + "'")
        .hasMessageNotContaining("EEXIST");
    assertThat(TestTree.image(base)).isEqualTo(before);
  }

  /** What no archive of ours has, but a tree of somebody else's may. */
  @Test
  void aLinkThatClimbsAboveTheRootStaysInTheTree() throws Exception {
    var base = TestTree.empty().symlink("/s", "../../../../away/z").snapshot();
    var reader = new LayerReader(base, Limits.DEFAULT);
    reader.apply(new Archive().file("s/x", "y").stream());
    assertThat(Vfs.fork(reader.snapshot()).read("/away/z/x")).isEqualTo("y".getBytes(UTF_8));
    assertThat(Path.of("/away")).doesNotExist();
  }

  @Test
  void devicesAreTakenWhenTheyAreAllowed() throws Exception {
    var reader = new LayerReader(null, Limits.DEFAULT.withDevices(true));
    reader.apply(new Archive().member("c", TarEntry.CHARACTER_DEVICE, 0, "").stream());
    var vfs = Vfs.fork(reader.snapshot());
    assertThat(vfs.stat(vfs.superuser(), vfs.root(), "/c".getBytes(UTF_8), true).rdev())
        .isEqualTo(0x103);
  }

  @Test
  void aBombIsRefusedAtTheLimitWhateverCompressesIt() throws Exception {
    for (var compression : Compression.values()) {
      var place = directory.resolve(compression.name());
      try (var theirs = Store.open(place);
          var store = Store.open(place, Limits.DEFAULT.withBytes(1 << 20))) {
        var tree = TestTree.empty().file("/bomb", "\0".repeat(2 << 20)).snapshot();
        var layer = theirs.putLayer(null, tree, null, compression);
        var image = store.putImage(BoxConfig.builder().build(), List.of(layer));
        assertThatThrownBy(image::snapshot)
            .isInstanceOf(BoxFormatException.class)
            .hasMessageContaining(layer.blob().digest().shortHex())
            .hasMessageContaining("1048576");
        assertThat(place.resolve("trees")).doesNotExist();
      }
    }
  }

  @Test
  void moreMembersThanTheLimitAreRefused() throws Exception {
    var reader = new LayerReader(null, Limits.DEFAULT.withMembers(2));
    var archive = new Archive().directory("a").directory("b").directory("c").stream();
    assertThatThrownBy(() -> reader.apply(archive)).isInstanceOf(BoxFormatException.class);
  }

  @Test
  void contentBeyondTheLimitIsRefused() throws Exception {
    var reader = new LayerReader(null, Limits.DEFAULT.withBytes(1 << 16));
    var archive = new Archive().file("a", "x".repeat(1 << 17)).stream();
    assertThatThrownBy(() -> reader.apply(archive))
        .isInstanceOf(BoxFormatException.class)
        .hasMessageContaining("'a'")
        .hasMessageContaining("65536 bytes");
  }

  @Test
  void aLimitIsNotNegative() {
    assertThatThrownBy(() -> Limits.DEFAULT.withBytes(-1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Limits.DEFAULT.withMembers(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void contentThatIsNotInTheHeapHasTheSameLimits(@TempDir Path directory) throws Exception {
    var archive = new Archive().file("a", "x").file("b", "y".repeat(5000));
    try (var contents = ContentFile.create(directory, "contents-")) {
      var limits = Limits.DEFAULT.withBytes(3 * 4096);
      new LayerReader(null, limits, contents).apply(archive.stream());
      var reader = new LayerReader(null, limits.withBytes(3 * 4096 - 1), contents);
      assertThatThrownBy(() -> reader.apply(archive.stream()))
          .isInstanceOf(BoxFormatException.class)
          .hasMessageContaining("'b'");
    }
  }

  /** A window of 2 GiB would be memory that the archive chooses. */
  @Test
  void aWindowThatIsTooLargeIsRefused() throws Exception {
    // RFC 8878: the magic number, a frame header, 2^30 as its window, the last block of one byte.
    byte[] frame = HexFormat.of().parseHex("28b52ffd" + "00" + "a0" + "090000" + "61");
    var blob = new Descriptor(MediaType.LAYER_ZSTD, Digest.of(frame), frame.length);
    var layer = new Layer(blob, Digest.of(new byte[0]));
    var in = LayerInput.of(layer, new ByteArrayInputStream(frame), Limits.DEFAULT);
    assertThatThrownBy(in::readAllBytes).isInstanceOf(BoxFormatException.class);
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    byte[] archive = new Archive().file("a", "x".repeat(600)).symlink("l", "a").bytes();
    for (int length = 0; length < archive.length - TarEntry.BLOCK; length += 13) {
      var reader = new LayerReader(null, Limits.DEFAULT);
      var cut = new ByteArrayInputStream(archive, 0, length);
      assertThatThrownBy(() -> reader.apply(cut)).isInstanceOf(BoxFormatException.class);
    }
  }

  @Test
  void aTruncatedLayerIsRefusedWhateverCompressesIt() throws Exception {
    for (var compression : List.of(Compression.ZSTD, Compression.GZIP)) {
      var packed = new ByteArrayOutputStream();
      try (var out = compression.compressing(packed)) {
        out.write(new Archive().file("a", "x".repeat(600)).bytes());
      }
      var type = compression.mediaType(MediaType.LAYER);
      for (int length = 0; length < packed.size(); length++) {
        var blob = new Descriptor(type, Digest.of(new byte[0]), length);
        var stored = new ByteArrayInputStream(packed.toByteArray(), 0, length);
        assertThatThrownBy(
                () -> {
                  var layer = new Layer(blob, Digest.of(new byte[0]));
                  var in = LayerInput.of(layer, stored, Limits.DEFAULT);
                  new LayerReader(null, Limits.DEFAULT).apply(in);
                  in.verify();
                })
            .as("%s, %d bytes", compression, length)
            .isInstanceOf(BoxFormatException.class);
      }
    }
  }

  @Test
  void contentWithAnotherDigestIsRefused() throws Exception {
    try (var store = Store.open(directory)) {
      var layer =
          store.putLayer(null, TestTree.empty().file("/a", "").snapshot(), null, Compression.ZSTD);
      var other = new Layer(layer.blob(), Digest.of(new byte[0]));
      var image = store.putImage(BoxConfig.builder().build(), List.of(other));
      assertThatThrownBy(image::snapshot)
          .isInstanceOf(BoxFormatException.class)
          .hasMessageContaining(other.diffId().toString());
      assertThat(directory.resolve("trees")).doesNotExist();
    }
  }

  @Test
  void aManifestWithAMillionLayersIsRefused() {
    var layer =
        "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":0}"
            .formatted(MediaType.LAYER, Digest.of(new byte[0]));
    var manifest =
        "{\"schemaVersion\":2,\"config\":"
            + layer.replace(MediaType.LAYER, MediaType.CONFIG)
            + ",\"layers\":["
            + String.join(",", Collections.nCopies(1_000_000, layer))
            + "]}";
    assertThatThrownBy(() -> Manifest.read(manifest.getBytes(UTF_8)))
        .isInstanceOf(BoxFormatException.class)
        .hasMessageContaining("1000000");
  }

  static Stream<String> manifests() {
    var digest = Digest.of(new byte[0]).toString();
    var config =
        "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":0}".formatted(MediaType.CONFIG, digest);
    return Stream.of(
        "",
        "{",
        "[]",
        "null",
        "{}",
        "{}{}",
        "{\"schemaVersion\":1}",
        "{\"schemaVersion\":1e999999999}",
        "{\"schemaVersion\":2}",
        "{\"schemaVersion\":2,\"config\":[]}",
        "{\"schemaVersion\":2,\"config\":{}}",
        "{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":{}}",
        "{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":[1]}",
        "{\"schemaVersion\":2,\"config\":" + config + ",\"layers\":[" + config + "]}",
        "{\"schemaVersion\":2,\"config\":" + config.replace("sha256:", "sha512:") + "}",
        "{\"schemaVersion\":2,\"config\":" + config.replace(digest, "sha256:../../x") + "}",
        "{\"schemaVersion\":2,\"config\":" + config.replace(":0}", ":-1}") + "}",
        "{\"schemaVersion\":2,\"mediaType\":\"text/plain\",\"config\":" + config + "}",
        "[".repeat(100_000));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void whatIsNoManifestIsRefused(String text) {
    assertThatThrownBy(() -> Manifest.read(text.getBytes(UTF_8)))
        .isInstanceOf(BoxFormatException.class);
  }

  /** Whatever the bytes are, a tree or a refusal is all that comes of them. */
  @Test
  void changedArchivesGiveATreeOrARefusal() throws Exception {
    byte[] archive = mixed();
    var random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      byte[] changed = archive.clone();
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(changed.length);
        changed[at] = (byte) (random.nextBoolean() ? random.nextInt() : '0' + random.nextInt(10));
        fixChecksum(changed, at / TarEntry.BLOCK * TarEntry.BLOCK);
      }
      var reader = new LayerReader(null, Limits.DEFAULT.withBytes(1 << 20).withMembers(50));
      try {
        reader.apply(new LimitedInput(new ByteArrayInputStream(changed), 1 << 20, "it"));
        reader.snapshot();
      } catch (BoxFormatException e) {
        assertThat(e).hasMessageNotContaining("\n");
      }
    }
  }

  private static void fixChecksum(byte[] archive, int block) {
    int sum = 0;
    for (int i = 0; i < TarEntry.BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : archive[block + i] & 0xFF;
    }
    byte[] digits = String.format("%06o\0", sum).getBytes(UTF_8);
    System.arraycopy(digits, 0, archive, block + 148, digits.length);
    archive[block + 155] = ' ';
  }

  private static byte[] mixed() throws Exception {
    Snapshot tree =
        TestTree.empty()
            .file("/a/b", "content")
            .file("/" + "n".repeat(150), "long")
            .symlink("/l", "a")
            .link("/k", "/a/b")
            .time("/a/b", 1_500_000_000L)
            .owner("/a", 3_000_000, 1)
            .snapshot();
    return TestTree.archive(tree);
  }
}
