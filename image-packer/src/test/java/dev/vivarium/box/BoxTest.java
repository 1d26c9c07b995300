package dev.vivarium.box;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.image.build.Build;
import dev.vivarium.image.exec.ExecException;
import dev.vivarium.image.oci.BoxArchive;
import dev.vivarium.image.oci.BoxFormatException;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxTest {
  /** A command that does nothing. */
  private static final byte[] PROGRAM =
      HexFormat.of()
          .parseHex("0061736d0100000001040160000003020100070a01065f737461727400000a040102000b");

  @TempDir Path directory;
  private Path context;
  private Path store;

  @BeforeEach
  void lay() throws IOException {
    context = Files.createDirectory(directory.resolve("context"));
    store = directory.resolve("store");
    Files.write(context.resolve("do"), PROGRAM);
  }

  private Build prepared(String label) {
    var lines = "FROM scratch\nCOPY --chmod=755 do /bin/do\nCMD [\"do\"]\nLABEL of=" + label;
    return Build.of(context).dockerfile(lines.getBytes(UTF_8));
  }

  /** Whoever gets its name meanwhile. */
  @Test
  void whatIsBuiltIsWhatIsOpened() throws Exception {
    var threads = Executors.newFixedThreadPool(4);
    try {
      var builds = new ArrayList<Callable<String>>();
      for (int i = 0; i < 40; i++) {
        var label = String.valueOf(i);
        builds.add(
            () -> {
              try (var box = Box.build(prepared(label), store, "same")) {
                return box.config().labels().get("of");
              }
            });
      }
      var labels = new ArrayList<String>();
      for (var build : threads.invokeAll(builds)) {
        labels.add(build.get());
      }
      assertThat(labels).isEqualTo(List.copyOf(labels.stream().sorted(this::byNumber).toList()));
      assertThat(labels).doesNotHaveDuplicates();
    } finally {
      threads.shutdownNow();
    }
  }

  private int byNumber(String one, String other) {
    return Integer.parseInt(one) - Integer.parseInt(other);
  }

  @Test
  void whatARunHasChangedIsOneMoreLayer() throws Exception {
    try (var box = Box.build(prepared("x"), store, "box");
        var sandbox = box.sandbox().build()) {
      var outcome = sandbox.run();
      assertThat(outcome.status()).isZero();
      var tree = outcome.filesystem();
      tree.makeDirectories("/made");
      tree.symlink(tree.superuser(), "../..".getBytes(UTF_8), tree.root(), "/up".getBytes(UTF_8));
      var leftOut = new ArrayList<String>();
      var committed = box.commit(outcome, "box:new", leftOut::add);
      assertThat(leftOut).singleElement().asString().startsWith("/up is left out");
      assertThat(committed.layers()).hasSize(box.image().layers().size() + 1);
      try (var changed = Box.open(store, "box:new")) {
        assertThat(changed.image().digest()).isEqualTo(committed.digest());
        assertThat(changed.files().diff(box.files()))
            .extracting(change -> new String(change.path(), UTF_8))
            .containsExactly("/", "/made");
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> box.commit(outcome, "ruby", line -> {}));
    }
  }

  @Test
  void anotherProgramThanItsOwnIsRunWithoutItsEntrypoint() throws Exception {
    var lines = "FROM scratch\nCOPY --chmod=755 do /bin/do\nENTRYPOINT [\"/bin/absent\"]\n";
    var build = Build.of(context).dockerfile(lines.getBytes(UTF_8));
    try (var box = Box.build(build, store, "box");
        var sandbox = box.command("do", "it").build()) {
      assertThat(sandbox.run().status()).isZero();
      assertThatThrownBy(() -> box.sandbox("do"))
          .isInstanceOf(ExecException.class)
          .hasMessageStartingWith("/bin/absent: not found");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"python", "ruby:3", "scratch@sha256:0", "Upper"})
  void aNameByWhichItIsNotFoundIsRefusedBeforeAnythingIsBuilt(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> Box.build(prepared("x"), store, name));
    assertThat(store).doesNotExist();
  }

  @Test
  void aDigestIsTheNameOfNothingElse() throws Exception {
    try (var box = Box.build(prepared("x"), store, "box");
        var opened = Store.open(store)) {
      var other = Reference.parse("box@sha256:" + "0".repeat(64));
      var own = Reference.parse("box@" + box.image().digest());
      assertThatIllegalArgumentException().isThrownBy(() -> opened.tag(other, box.image()));
      opened.tag(own, box.image());
      var archive = directory.resolve("archive");
      try (var out = Files.newOutputStream(archive)) {
        BoxArchive.write(box.image(), Optional.empty(), out);
      }
      assertThatIllegalArgumentException()
          .isThrownBy(() -> BoxArchive.read(archive, Optional.of(other), opened));
    }
  }

  @Test
  void whoLooksForABoxMakesNoStore() {
    assertThatThrownBy(() -> Box.open(directory.resolve("mistyped"), "box"))
        .isInstanceOf(BoxFormatException.class)
        .hasMessage("no box is named box in the store " + directory.resolve("mistyped"));
    assertThat(directory.resolve("mistyped")).doesNotExist();
  }

  @Test
  void messagesNameTheFileAndTheReason() throws Exception {
    var absent = directory.resolve("absent");
    assertThatThrownBy(() -> Box.build(Build.of(absent), store, "box"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(absent.resolve("Dockerfile") + ": no such file or directory");
    for (var path : List.of(context, Path.of("/"))) {
      assertThatThrownBy(() -> Box.build(Build.of(context).dockerfile(path), store, "box"))
          .isInstanceOf(IOException.class)
          .hasMessage(path + ": is a directory");
      try (var opened = Store.open(store)) {
        assertThatThrownBy(() -> BoxArchive.read(path, Optional.empty(), opened))
            .hasMessage(path + ": is a directory");
      }
    }
    var file = context.resolve("do");
    assertThatThrownBy(() -> Box.build(prepared("x"), file, "box"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(": ");
  }
}
