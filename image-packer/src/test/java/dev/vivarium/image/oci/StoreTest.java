package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreTest {
  private static final Reference NAME = Reference.parse("app:1");
  private static final BoxConfig CONFIG =
      BoxConfig.builder().entrypoint(List.of("python")).environment("A", "1").build();

  @TempDir Path directory;

  private static Snapshot tree(String content) throws Exception {
    return TestTree.empty().file("/a/b", content).symlink("/l", "a/b").snapshot();
  }

  private Image put(Store store, String content) throws Exception {
    var layer = store.putLayer(null, tree(content), TestTree.TIME, Compression.ZSTD);
    var module = store.putModule("wasm".getBytes(UTF_8));
    return store.putImage(CONFIG, List.of(module, layer));
  }

  @Test
  void whatIsPutAndNamedIsFoundByAnother() throws Exception {
    Digest digest;
    try (var store = Store.open(directory)) {
      var image = put(store, "x");
      digest = image.digest();
      store.tag(NAME, image);
    }
    try (var store = Store.open(directory)) {
      var image = store.require(NAME);
      assertThat(image.digest()).isEqualTo(digest);
      assertThat(image.config()).isEqualTo(CONFIG);
      assertThat(image.readModule()).isEqualTo("wasm".getBytes(UTF_8));
      assertThat(TestTree.archive(image.snapshot())).isEqualTo(TestTree.archive(tree("x")));
    }
  }

  @Test
  void whoIsInterruptedGivesBackWhatHeHoldsAllTheSame() throws Exception {
    var store = Store.open(directory);
    var image = put(store, "x");
    Thread.currentThread().interrupt();
    store.tag(NAME, image);
    assertThat(store.gc().files()).isZero();
    store.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(directory.resolve("leases")).isEmptyDirectory();
  }

  @Test
  void aTimeThatNoFileHasIsRefused() throws Exception {
    try (var store = Store.open(directory)) {
      for (var time : List.of(Instant.parse("2500-01-01T00:00:00Z"), Instant.MIN)) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> store.putLayer(null, tree("x"), time, Compression.NONE));
      }
    }
  }

  @Test
  void aFileThatCannotTakeItsPlaceLeavesNothingBeside() throws Exception {
    var place = Files.createDirectories(directory.resolve("place/taken")).getParent();
    var unfinished = directory.resolve("unfinished");
    assertThatThrownBy(() -> Durable.write(place, unfinished, new byte[1]))
        .isInstanceOf(IOException.class);
    assertThat(directory).isDirectoryNotContaining(file -> file.equals(unfinished));
  }

  @Test
  void whatNoStoreWouldTakeIsNotPut() throws Exception {
    var tree = TestTree.empty().file("/a", "x".repeat(5000)).file("/b", "").snapshot();
    for (var limits : List.of(Limits.DEFAULT.withBytes(5000), Limits.DEFAULT.withMembers(1))) {
      try (var store = Store.open(directory, limits)) {
        assertThatThrownBy(() -> store.putLayer(null, tree, TestTree.TIME, Compression.ZSTD))
            .isInstanceOf(BoxFormatException.class)
            .hasMessageContaining("the most of a box");
      }
      assertThat(directory.resolve("uploads")).isEmptyDirectory();
    }
  }

  @Test
  void anArchiveIsALayerAsItIs() throws Exception {
    byte[] archive = new Archive().file("b", "x".repeat(5000)).file("a", "").bytes();
    byte[] padded = Arrays.copyOf(archive, archive.length + 10_000);
    try (var store = Store.open(directory)) {
      var layer = store.putArchive(new ByteArrayInputStream(padded));
      assertThat(layer.diffId()).isEqualTo(Digest.of(padded));
      try (var in = store.read(layer)) {
        assertThat(in.readAllBytes()).isEqualTo(padded);
      }
    }
  }

  @Test
  void anArchiveLeavesTheTreeThatItMakes() throws Exception {
    var content = new byte[200_000];
    new Random(2).nextBytes(content);
    var vfs = Vfs.builder().build();
    vfs.makeDirectories("/z/y");
    vfs.write("/z/y/file", content);
    vfs.write("/a", "a".getBytes(US_ASCII));
    var archive = new ByteArrayOutputStream();
    LayerWriter.write(null, vfs.snapshot(), 0L, archive);
    try (var store = Store.open(directory)) {
      var layer = store.putArchive(new ByteArrayInputStream(archive.toByteArray()));
      store.tag(NAME, store.putImage(BoxConfig.builder().build(), List.of(layer)));
      // As nothing else has it then: neither another form nor what it was made of.
      Files.delete(directory.resolve("blobs/sha256").resolve(layer.blob().digest().hex()));
      var tree = Vfs.fork(store.require(NAME).snapshot());
      assertThat(tree.read("/z/y/file")).isEqualTo(content);
      assertThat(tree.read("/a")).isEqualTo("a".getBytes(US_ASCII));
    }
    assertThat(directory.resolve("uploads")).isEmptyDirectory();
    assertThat(Files.size(only(directory.resolve("trees")))).isLessThan(content.length + 2_000);
  }

  @Test
  void anArchiveThatIsRefusedLeavesNothing() throws Exception {
    byte[] archive = new Archive().file("a", "").file("../b", "").bytes();
    try (var store = Store.open(directory)) {
      assertThatThrownBy(() -> store.putArchive(new ByteArrayInputStream(archive)))
          .isInstanceOf(BoxFormatException.class)
          .hasMessageContaining("'../b'");
    }
    assertThat(directory.resolve("uploads")).isEmptyDirectory();
    assertThat(directory.resolve("blobs/sha256")).isEmptyDirectory();
  }

  @Test
  void theSameInputsHaveTheSameDigestInAnotherStore() throws Exception {
    try (var one = Store.open(directory.resolve("1"));
        var other = Store.open(directory.resolve("2"))) {
      assertThat(put(one, "x").digest()).isEqualTo(put(other, "x").digest());
    }
  }

  @Test
  void aCollectionRemovesWhatNothingRefersTo() throws Exception {
    try (var store = Store.open(directory)) {
      store.tag(NAME, put(store, "x"));
      put(store, "y").snapshot();
    }
    try (var store = Store.open(directory)) {
      // The manifest, the configuration, the layer and its tree; the module is that of both.
      assertThat(store.gc().files()).isEqualTo(4);
      assertThat(store.gc().files()).isZero();
      assertThat(store.require(NAME).snapshot()).isNotNull();
      assertThat(store.require(NAME).readModule()).isNotEmpty();
    }
  }

  @Test
  void aCollectionLeavesWhatIsUsedByOneThatIsOpen() throws Exception {
    try (var adding = Store.open(directory)) {
      var image = put(adding, "x");
      try (var other = Store.open(directory)) {
        assertThat(other.gc().files()).isZero();
      }
      adding.tag(NAME, image);
    }
    try (var using = Store.open(directory)) {
      var image = using.require(NAME);
      try (var other = Store.open(directory)) {
        assertThat(other.untag(NAME)).isTrue();
        assertThat(other.gc().files()).isZero();
      }
      assertThat(image.readModule()).isNotEmpty();
      assertThat(image.snapshot()).isNotNull();
    }
    try (var store = Store.open(directory)) {
      assertThat(store.gc().files()).isPositive();
    }
  }

  @Test
  void aCollectionRemovesWhatAProcessThatEndedHasLeft() throws Exception {
    try (var store = Store.open(directory)) {
      store.tag(NAME, put(store, "x"));
    }
    var upload = directory.resolve("uploads").resolve("gone-1");
    var lease = directory.resolve("leases").resolve("gone");
    Files.writeString(upload, "half");
    Files.writeString(lease, "");
    try (var store = Store.open(directory)) {
      assertThat(store.gc().files()).isEqualTo(1);
    }
    assertThat(upload).doesNotExist();
    assertThat(lease).doesNotExist();
  }

  @Test
  void aCollectionLeavesPartsOfBlobsThatSomebodyMayGoOnWith() throws Exception {
    var digests = new ArrayList<Digest>();
    for (int i = 0; i < 4; i++) {
      digests.add(Digest.of(new byte[i]));
    }
    var partial = directory.resolve("partial");
    try (var store = Store.open(directory)) {
      for (var digest : digests) {
        try (var upload = store.blobs().resume(digest)) {
          upload.out().write(1);
        }
      }
      store.tag(NAME, put(store, "x"));
      var there = store.require(NAME).manifest().config().digest();
      Files.move(partial.resolve(digests.get(3).hex()), partial.resolve(there.hex()));
      var old = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
      Files.setLastModifiedTime(partial.resolve(digests.get(1).hex()), old);
      try (var used = store.blobs().resume(digests.get(2))) {
        assertThat(used.length()).isEqualTo(1);
        Files.setLastModifiedTime(partial.resolve(digests.get(2).hex()), old);
        assertThat(store.gc().files()).isEqualTo(2);
      }
      assertThat(partial)
          .isDirectoryContaining(file -> file.endsWith(digests.get(0).hex()))
          .isDirectoryContaining(file -> file.endsWith(digests.get(2).hex()));
    }
    assertThat(partial.toFile().list()).hasSize(2);
  }

  @Test
  void aCollectionRemovesStepsWhoseLayersAreGone() throws Exception {
    var kept = Digest.of(new byte[] {1});
    var gone = Digest.of(new byte[] {2});
    var steps = directory.resolve("steps");
    try (var store = Store.open(directory)) {
      var image = put(store, "x");
      store.tag(NAME, image);
      store.steps().keep(kept, image.layers().get(1));
      store.steps().keep(gone, put(store, "y").layers().get(1));
      Files.writeString(steps.resolve(Digest.of(new byte[] {3}).hex()), "damaged");
      // What has made a step still uses its layer.
      try (var other = Store.open(directory)) {
        assertThat(other.gc().files()).isEqualTo(1);
      }
      assertThat(store.steps().find(gone)).isPresent();
    }
    try (var store = Store.open(directory)) {
      store.gc();
      assertThat(steps).isDirectoryContaining(file -> file.endsWith(kept.hex()));
      assertThat(only(steps)).isEqualTo(steps.resolve(kept.hex()));
      assertThat(store.steps().find(kept)).isPresent();
    }
  }

  /** Or the collection could remove an entry that has replaced the one which it has read. */
  @Test
  void aStepIsNotRememberedWhileACollectionRuns() throws Exception {
    var key = Digest.of(new byte[] {1});
    try (var store = Store.open(directory);
        var collecting = Store.open(directory)) {
      var layer = put(store, "x").layers().get(1);
      var remembering =
          new Thread(
              () -> {
                try {
                  store.steps().keep(key, layer);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      try (var held = collecting.blobs().lock().acquire()) {
        remembering.start();
        while (remembering.getState() != Thread.State.WAITING) {
          assertThat(remembering.isAlive()).isTrue();
          Thread.onSpinWait();
        }
        assertThat(directory.resolve("steps").resolve(key.hex())).doesNotExist();
      }
      remembering.join();
      assertThat(store.steps().find(key)).contains(layer);
    }
  }

  @Test
  void aTreeThatIsMissingOrDamagedIsMadeAnew() throws Exception {
    byte[] expected;
    try (var store = Store.open(directory)) {
      var image = put(store, "x");
      store.tag(NAME, image);
      expected = TestTree.image(image.snapshot());
    }
    var file = only(directory.resolve("trees"));
    byte[] kept = Files.readAllBytes(file);
    // At another path, so that this JVM does not know it.
    var moved = directory.resolveSibling(directory.getFileName() + "-moved");
    Files.move(directory, moved);
    file = only(moved.resolve("trees"));
    byte[] damaged = kept.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(file, damaged);
    try (var store = Store.open(moved)) {
      assertThat(TestTree.image(store.require(NAME).snapshot())).isEqualTo(expected);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(kept);
    Files.move(moved, directory);
  }

  @Test
  void aTreeThatIsFoundDamagedWhenItIsReadIsMadeAnewForTheNext() throws Exception {
    var content = new byte[200_000];
    new Random(1).nextBytes(content);
    var vfs = Vfs.builder().build();
    vfs.write("/file", content);
    try (var store = Store.open(directory)) {
      var layer = store.putLayer(null, vfs.snapshot(), TestTree.TIME, Compression.NONE);
      var image = store.putImage(BoxConfig.builder().build(), List.of(layer));
      image.snapshot();
      store.tag(NAME, image);
    }
    var moved = directory.resolveSibling(directory.getFileName() + "-moved");
    Files.move(directory, moved);
    var file = only(moved.resolve("trees"));
    byte[] kept = Files.readAllBytes(file);
    byte[] damaged = kept.clone();
    damaged[100_000] ^= 1;
    Files.write(file, damaged);
    try (var store = Store.open(moved)) {
      var reading = Vfs.fork(store.require(NAME).snapshot());
      assertThat(file).exists();
      assertThatThrownBy(() -> reading.read("/file")).hasMessageContaining("EIO");
      assertThat(file).doesNotExist();
      assertThat(Vfs.fork(store.require(NAME).snapshot()).read("/file")).isEqualTo(content);
    }
    assertThat(Files.readAllBytes(file)).isEqualTo(kept);
    Files.move(moved, directory);
  }

  private static Path only(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.reduce((a, b) -> null).orElseThrow();
    }
  }

  @Test
  void aDamagedBlobIsNamed() throws Exception {
    Image image;
    try (var store = Store.open(directory)) {
      image = put(store, "x");
      store.tag(NAME, image);
    }
    var config =
        directory.resolve("blobs/sha256").resolve(image.manifest().config().digest().hex());
    byte[] bytes = Files.readAllBytes(config);
    bytes[0] ^= 1;
    Files.write(config, bytes);
    try (var store = Store.open(directory)) {
      assertThatThrownBy(() -> store.require(NAME))
          .isInstanceOf(BoxFormatException.class)
          .hasMessageContaining(config.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void aDamagedLayerIsNamedByItsFileWhoeverReadsIt(Compression compression) throws Exception {
    try (var store = Store.open(directory)) {
      var module = store.putModule("wasm".getBytes(UTF_8), compression);
      var tree = TestTree.empty().file("/x", "x").snapshot();
      var layer = store.putLayer(null, tree, TestTree.TIME, compression);
      var image = store.putImage(BoxConfig.builder().build(), List.of(module, layer));
      for (var damaged : List.of(module, layer)) {
        var file = store.blobs().path(damaged.blob().digest());
        byte[] bytes = Files.readAllBytes(file);
        byte[] wrong = bytes.clone();
        wrong[wrong.length / 2] ^= 1;
        Files.write(file, wrong);
        for (ThrowingCallable use :
            List.<ThrowingCallable>of(
                image::check,
                damaged.isModule() ? image::readModule : image::snapshot,
                () -> BoxArchive.write(image, Optional.of(NAME), new ByteArrayOutputStream()))) {
          assertThatThrownBy(use)
              .isInstanceOf(BoxFormatException.class)
              .hasMessageStartingWith(file + " is damaged");
        }
        Files.write(file, bytes);
      }
      image.check();
    }
  }

  /** A layer that is made anew takes the place of a damaged one. */
  @Test
  void whatIsPutAnewIsNotDamaged() throws Exception {
    try (var store = Store.open(directory)) {
      var image = put(store, "x");
      var layer = image.layers().get(image.layers().size() - 1);
      var file = store.blobs().path(layer.blob().digest());
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, new byte[bytes.length]);
      assertThat(put(store, "x").digest()).isEqualTo(image.digest());
      assertThat(file).hasBinaryContent(bytes);
    }
  }

  @Test
  void aNameThatIsGivenAnewIsThatOfTheNewImage() throws Exception {
    try (var store = Store.open(directory)) {
      store.tag(NAME, put(store, "x"));
      var second = put(store, "y");
      store.tag(NAME, second);
      assertThat(store.tags()).hasSize(1);
      assertThat(store.require(NAME).digest()).isEqualTo(second.digest());
      assertThat(store.untag(NAME)).isTrue();
      assertThat(store.untag(NAME)).isFalse();
      assertThat(store.find(NAME)).isEmpty();
    }
  }
}
