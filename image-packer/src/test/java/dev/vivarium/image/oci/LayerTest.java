package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A layer is what makes one tree of another. */
class LayerTest {

  private static byte[] layer(Snapshot base, Snapshot tree) throws IOException {
    var out = new ByteArrayOutputStream();
    LayerWriter.write(base, tree, null, out);
    return out.toByteArray();
  }

  private static Snapshot applied(Snapshot base, byte[]... layers) throws IOException {
    var reader = new LayerReader(base, Limits.DEFAULT);
    for (byte[] layer : layers) {
      reader.apply(new ByteArrayInputStream(layer));
    }
    return reader.snapshot();
  }

  private static List<String> names(byte[] layer) throws IOException {
    var tar = new TarReader(new ByteArrayInputStream(layer));
    var names = new ArrayList<String>();
    for (TarEntry entry; (entry = tar.next()) != null; ) {
      names.add(entry.text());
    }
    return names;
  }

  private static void assertSame(Snapshot actual, Snapshot expected) throws IOException {
    assertThat(members(TestTree.archive(actual))).isEqualTo(members(TestTree.archive(expected)));
    assertThat(TestTree.archive(actual)).isEqualTo(TestTree.archive(expected));
  }

  private static String members(byte[] archive) throws IOException {
    var tar = new TarReader(new ByteArrayInputStream(archive));
    var lines = new StringBuilder();
    for (TarEntry entry; (entry = tar.next()) != null; ) {
      lines.append(
          "%s %s %o %d:%d %d %d -> %s%n"
              .formatted(
                  entry.text(),
                  entry.kind(),
                  entry.mode(),
                  entry.uid(),
                  entry.gid(),
                  entry.size(),
                  entry.mtime(),
                  new String(entry.link(), UTF_8)));
    }
    return lines.toString();
  }

  private static TestTree sample() throws ErrnoException {
    return TestTree.empty()
        .file("/etc/passwd", "root:x:0:0::/root:/bin/sh\n")
        .mode("/etc/passwd", 04640)
        .owner("/etc/passwd", 3_000_000, 0xFFFF_FFFE)
        .file("/usr/lib/a", "a".repeat(70_000))
        .link("/usr/lib/b", "/usr/lib/a")
        .symlink("/lib", "usr/lib")
        .file("/" + "n".repeat(120) + "/" + "m".repeat(200), "long")
        .symlink("/s", "t".repeat(150))
        .time("/etc/passwd", 1_234_567_890_123_456_789L)
        .time("/usr/lib/a", -1_500_000_000L)
        .directory("/tmp")
        .mode("/tmp", 01777);
  }

  @Test
  void aLayerOverNothingIsTheWholeTree() throws Exception {
    var tree = sample();
    byte[] name = {'/', (byte) 0xFF, (byte) 0xFE};
    tree.vfs.makeDirectory(tree.root, tree.vfs.root(), name, 0700);
    byte[] value = {0, 1, (byte) 0xFF, '\n'};
    tree.vfs.setXattr(
        tree.root, tree.vfs.root(), name, "user.\u00e4".getBytes(UTF_8), value, 0, true);
    assertSame(applied(null, layer(null, tree.snapshot())), tree.snapshot());
  }

  @Test
  void aNameThatIsNoTextAndTooLongForTheHeaderIsKept() throws Exception {
    var tree = TestTree.empty();
    byte[] name = new byte[200];
    Arrays.fill(name, (byte) 0xF1);
    name[0] = '/';
    tree.vfs.makeDirectory(tree.root, tree.vfs.root(), name, 0700);
    assertSame(applied(null, layer(null, tree.snapshot())), tree.snapshot());
  }

  /** Not their times, which are not those of the layer where they have not changed. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsOnTheWayIsAsItWas(boolean isGone) throws Exception {
    var base = sample().mode("/usr", 0710).owner("/usr", 7, 8).time("/usr", 99).snapshot();
    var changed = TestTree.over(base).symlink("/tmp/l", "x");
    if (isGone) {
      changed.remove("/usr/lib/a");
    } else {
      changed.file("/usr/lib/c", "c");
    }
    changed.time("/usr/lib", 5).time("/tmp", 5);
    byte[] layer = layer(base, changed.snapshot());
    assertThat(names(layer)).contains("tmp/", "usr/", "usr/lib/").doesNotContain("./", "etc/");
    assertSame(applied(base, layer), changed.snapshot());
    var alone = Vfs.fork(applied(null, layer));
    for (var path : List.of("/tmp", "/usr", "/usr/lib")) {
      var stat = alone.stat(alone.superuser(), alone.root(), path.getBytes(UTF_8), false);
      var is = changed.vfs.stat(changed.root, changed.vfs.root(), path.getBytes(UTF_8), false);
      assertThat(stat.mode()).isEqualTo(is.mode());
      assertThat(stat.uid()).isEqualTo(is.uid());
      assertThat(stat.mtime()).isEqualTo(is.mtime());
    }
  }

  @Test
  void whatIsGoneIsHidden() throws Exception {
    var base = sample().snapshot();
    var tree = TestTree.over(base).remove("/etc/passwd").remove("/usr/lib/b").remove("/lib");
    byte[] layer = layer(base, tree.snapshot());
    assertThat(names(layer)).contains("etc/.wh.passwd", "usr/lib/.wh.b", ".wh.lib");
    assertSame(applied(base, layer), tree.snapshot());
  }

  @Test
  void aDirectoryThatIsGoneIsHiddenWithWhatWasInIt() throws Exception {
    var base = sample().snapshot();
    var tree = TestTree.over(base).remove("/etc/passwd").removeDirectory("/etc");
    byte[] layer = layer(base, tree.snapshot());
    assertThat(names(layer)).contains(".wh.etc").doesNotContain("etc/.wh.passwd");
    assertSame(applied(base, layer), tree.snapshot());
  }

  @Test
  void aFileInThePlaceOfADirectoryTakesWhatWasInItAway() throws Exception {
    var base = sample().snapshot();
    var tree =
        TestTree.over(base).remove("/etc/passwd").removeDirectory("/etc").file("/etc", "file");
    assertSame(applied(base, layer(base, tree.snapshot())), tree.snapshot());
    var back = TestTree.over(tree.snapshot()).remove("/etc").file("/etc/x", "y");
    assertSame(applied(tree.snapshot(), layer(tree.snapshot(), back.snapshot())), back.snapshot());
  }

  @Test
  void aDirectoryThatMovedIsThereWithAllThatIsInIt() throws Exception {
    var base = sample().snapshot();
    var tree = TestTree.over(base).rename("/usr", "/opt");
    byte[] layer = layer(base, tree.snapshot());
    assertThat(names(layer)).contains(".wh.usr", "opt/", "opt/lib/", "opt/lib/a");
    assertSame(applied(base, layer), tree.snapshot());
  }

  @Test
  void aNewNameOfAFileOfALowerLayerIsThatFile() throws Exception {
    var base = TestTree.empty().file("/a", "x").snapshot();
    var tree = TestTree.over(base).link("/b", "/a");
    byte[] layer = layer(base, tree.snapshot());
    assertThat(names(layer)).contains("a", "b");
    assertSame(applied(base, layer), tree.snapshot());
  }

  @Test
  void theSameTreesGiveTheSameBytesWhateverTheirHistory() throws Exception {
    var one = TestTree.empty().file("/a", "1").file("/b", "2").file("/c", "3");
    var other = TestTree.empty().file("/c", "3").file("/x", "").file("/b", "2").file("/a", "1");
    other.remove("/x");
    assertThat(layer(null, one.snapshot())).isEqualTo(layer(null, other.snapshot()));
  }

  @Test
  void oneTimeForAllReplacesTheirOwn() throws Exception {
    var out = new ByteArrayOutputStream();
    LayerWriter.write(null, sample().snapshot(), 5_000_000_000L, out);
    var tar = new TarReader(new ByteArrayInputStream(out.toByteArray()));
    for (TarEntry entry; (entry = tar.next()) != null; ) {
      assertThat(entry.mtime()).isEqualTo(5_000_000_000L);
    }
  }

  @Test
  void anOpaqueWhiteoutHidesLowerLayersWhereverItStands() throws Exception {
    var base = TestTree.empty().file("/d/old", "1").file("/d/sub/old", "2").file("/e", "3");
    var expected = TestTree.empty().file("/d/new", "n").file("/d/sub/new", "n").file("/e", "3");
    for (boolean first : new boolean[] {true, false}) {
      var archive = new Archive();
      if (first) {
        archive.file("d/.wh..wh..opq", "");
      }
      archive.file("d/new", "n").file("d/sub/new", "n");
      if (!first) {
        archive.file("d/.wh..wh..opq", "");
      }
      var tree = applied(base.snapshot(), archive.bytes());
      assertThat(Vfs.fork(tree).tree()).isEqualTo(expected.vfs.tree());
    }
  }

  @Test
  void aWhiteoutDoesNotHideWhatItsOwnLayerHas() throws Exception {
    var base = TestTree.empty().file("/a", "old").snapshot();
    var tree = applied(base, new Archive().file("a", "new").file(".wh.a", "").bytes());
    assertThat(Vfs.fork(tree).read("/a")).isEqualTo("new".getBytes(UTF_8));
  }

  @Test
  void aParentThatIsALinkOfALowerLayerIsFollowed() throws Exception {
    var base = TestTree.empty().file("/usr/bin/a", "").symlink("/bin", "usr/bin").snapshot();
    var tree = applied(base, new Archive().file("bin/b", "x").bytes());
    assertThat(Vfs.fork(tree).read("/usr/bin/b")).isEqualTo("x".getBytes(UTF_8));
  }

  /** As containerd has it: a link that leads to nothing yet says where that is to be made. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/etc, /etc",
    "etc, /etc",
    "/d/../etc, /etc",
    "d/e/f, /d/e/f",
    "/t, /u/v",
    "//./etc/, /etc",
  })
  void whatALinkOfALowerLayerLeadsToIsMade(String target, String directory) throws Exception {
    var base =
        TestTree.empty()
            .directory("/d")
            .symlink("/s", target)
            .symlink("/t", "u/v")
            .time("/d", 5_000_000_000L);
    var expected = TestTree.over(base.snapshot()).file(directory + "/x", "y").vfs;
    var tree = applied(base.snapshot(), new Archive().file("s/x", "y").bytes());
    assertThat(Vfs.fork(tree).tree()).isEqualTo(expected.tree());
    var vfs = Vfs.fork(tree);
    var made = vfs.stat(vfs.superuser(), vfs.root(), directory.getBytes(UTF_8), false);
    assertThat(made.mode() & 07777).isEqualTo(0755);
    assertThat(made.mtime()).isZero();
    var kept = vfs.stat(vfs.superuser(), vfs.root(), "/d".getBytes(UTF_8), false);
    assertThat(kept.mtime()).isEqualTo(5_000_000_000L);
  }

  @Test
  void blocksOfZerosTakeNoRoom() throws Exception {
    var tree = TestTree.empty().file("/a", "\0".repeat(1 << 20));
    var limits = Limits.DEFAULT.withBytes(2 << 20);
    var reader = new LayerReader(null, limits);
    reader.apply(new ByteArrayInputStream(layer(null, tree.snapshot())));
    var vfs = Vfs.fork(reader.snapshot());
    assertThat(vfs.stat(vfs.superuser(), vfs.root(), "/a".getBytes(UTF_8), true).blocks()).isZero();
  }

  /** Random changes of a random tree: the layer makes the one of the other. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aLayerMakesOneTreeOfAnother(long seed) throws Exception {
    var random = new Random(seed);
    var tree = TestTree.empty();
    change(tree, random, 200);
    for (int round = 0; round < 20; round++) {
      var base = tree.snapshot();
      var next = TestTree.over(base);
      change(next, random, 1 + random.nextInt(30));
      assertSame(applied(base, layer(base, next.snapshot())), next.snapshot());
      tree = next;
    }
  }

  private static void change(TestTree tree, Random random, int count) {
    for (int i = 0; i < count; i++) {
      try {
        var path = path(random);
        switch (random.nextInt(9)) {
          case 0, 1, 2 -> tree.file(path, "content " + random.nextInt(5));
          case 3 -> tree.directory(path);
          case 4 -> tree.symlink(path, "target" + random.nextInt(3));
          case 5 -> tree.link(path, path(random));
          case 6 -> tree.remove(path);
          case 7 -> tree.rename(path, path(random));
          default -> tree.mode(path, random.nextInt(01000)).owner(path, random.nextInt(3), 0);
        }
      } catch (ErrnoException e) {
        // Another change, then.
      }
    }
  }

  private static String path(Random random) {
    var path = new StringBuilder();
    for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
      path.append('/').append((char) ('a' + random.nextInt(4)));
    }
    return path.toString();
  }
}
