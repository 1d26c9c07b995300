package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnpackableTest {
  private final Vfs vfs = Vfs.builder().build();
  private final List<String> leftOut = new ArrayList<>();

  private void link(String target, String path) throws Exception {
    vfs.symlink(vfs.superuser(), target.getBytes(UTF_8), vfs.root(), path.getBytes(UTF_8));
  }

  private List<String> changesWithout(Snapshot base) throws Exception {
    var left = Unpackable.without(base, vfs.snapshot(), leftOut::add);
    return left.diff(base).stream().map(Change::pathText).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "/l, .., true",
    "/l, /.., true",
    "/l, a/../../b, true",
    "/d/l, ../../x, true",
    "/d/l, .., false",
    "/d/l, ../x/../.., true",
    "/l, a/../b, false",
    "/l, ./., false",
    "/.wh.a, , true",
    "/d/.wh..wh..opq, , true",
    "/.wh/a, , false",
    "/, , false",
  })
  void linksThatClimbAndMarkersAreInNoLayer(String path, String link, boolean unpackable) {
    byte[] text = link == null ? null : link.getBytes(UTF_8);
    assertThat(Unpackable.why(path.getBytes(UTF_8), text).isPresent()).isEqualTo(unpackable);
  }

  @Test
  void whatCanBeInALayerStaysAsItIs() throws Exception {
    var base = vfs.snapshot();
    vfs.write("/a", new byte[1]);
    link("a", "/l");
    var tree = vfs.snapshot();
    assertThat(Unpackable.without(base, tree, leftOut::add)).isSameAs(tree);
    assertThat(leftOut).isEmpty();
  }

  @Test
  void theRestIsLeftOutByName() throws Exception {
    vfs.makeDirectories("/d");
    vfs.write("/taken", new byte[0]);
    var base = vfs.snapshot();
    link("../../x", "/d/l");
    vfs.write("/d/.wh.d/e/f", new byte[0]);
    vfs.write("/d/.wh.d/.wh.g", new byte[0]);
    vfs.write("/d/stays", new byte[0]);
    vfs.unlink(vfs.superuser(), vfs.root(), "/taken".getBytes(UTF_8));
    link("..", "/taken");
    assertThat(changesWithout(base)).containsExactly("/", "/d", "/d/stays", "/taken");
    assertThat(leftOut)
        .containsExactlyInAnyOrder(
            "/d/l is left out: its target is outside of the box: ../../x",
            "/d/.wh.d is left out: in a layer its name marks what is removed",
            "/d/.wh.d/.wh.g is left out: in a layer its name marks what is removed",
            "/taken is left out: its target is outside of the box: ..");
  }

  /** A link may climb only once the directory that it is in has moved up. */
  @Test
  void aDirectoryThatHasMovedIsLookedThrough() throws Exception {
    vfs.makeDirectories("/a/b/c");
    link("../../../x", "/a/b/c/l");
    link("l", "/a/b/c/m");
    var base = vfs.snapshot();
    byte[] to = "/c".getBytes(UTF_8);
    vfs.rename(vfs.superuser(), vfs.root(), "/a/b/c".getBytes(UTF_8), vfs.root(), to);
    changesWithout(base);
    assertThat(leftOut)
        .containsExactly("/c/l is left out: its target is outside of the box: ../../../x");
  }

  @Test
  void aLayerOfTheRestCanBeRead() throws Exception {
    link("..", "/l");
    vfs.write("/f", new byte[0]);
    var base = Vfs.builder().build().snapshot();
    var left = Unpackable.without(base, vfs.snapshot(), leftOut::add);
    var out = new ByteArrayOutputStream();
    LayerWriter.write(null, left, null, out);
    var reader = new LayerReader(null, Limits.DEFAULT);
    reader.apply(new ByteArrayInputStream(out.toByteArray()));
    assertThat(Vfs.fork(reader.snapshot()).tree()).isEqualTo(Vfs.fork(left).tree());
  }
}
