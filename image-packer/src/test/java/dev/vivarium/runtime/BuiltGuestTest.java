package dev.vivarium.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.Checkpoint;
import dev.vivarium.engine.WasmSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltGuestTest {
  private static final byte[] BYTES = "the module".getBytes(UTF_8);

  @TempDir private Path guests;

  private BuiltGuest guest;

  @BeforeEach
  void know() throws IOException {
    var digest = WasmSource.of("thing", BYTES).sha256();
    guest = new BuiltGuest("thing", BYTES.length, digest, "", Checkpoint.at(1, 2));
  }

  private Path build(String name, String module, long seconds) throws IOException {
    var build = Files.createDirectory(guests.resolve(name));
    Files.writeString(build.resolve("python.wasm"), module);
    Files.writeString(build.resolve("library.image"), "");
    Files.setLastModifiedTime(build, FileTime.fromMillis(1000 * seconds));
    return build;
  }

  @Test
  void theKnownModuleHasItsCheckpoint() throws IOException {
    build("thing-1", "the module", 1);

    var module = guest.module(guests);

    assertThat(module.bytes()).isEqualTo(BYTES);
    assertThat(module.checkpoint()).contains(Checkpoint.at(1, 2));
  }

  @Test
  void aModuleOfAnotherCompilerHasNone() throws IOException {
    build("thing-1", "another module", 1);

    var module = guest.module(guests);

    assertThat(module.bytes()).asString(UTF_8).isEqualTo("another module");
    assertThat(module.checkpoint()).isEmpty();
  }

  @Test
  void aModuleThatWasChangedIsRefused() throws IOException {
    build("thing-1", "THE MODULE", 1);

    var module = guest.module(guests);

    assertThatThrownBy(module::bytes)
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining(guests.resolve("thing-1").toString())
        .hasMessageContaining("conformance/guest thing");
  }

  @Test
  void anImageThatIsNoneIsNamed() throws IOException {
    var build = build("thing-1", "the module", 1);

    assertThatThrownBy(() -> guest.files(guests))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageStartingWith(build.resolve("library.image") + ": ")
        .hasMessageContaining("conformance/guest thing");
  }

  @Test
  void theLatestWholeBuildIsTaken() throws IOException {
    build("thing-1", "old", 1);
    var latest = build("thing-2", "new", 3);
    build("thing-3", "older", 2);
    Files.delete(build("thing-4", "no image", 4).resolve("library.image"));
    Files.setLastModifiedTime(guests.resolve("thing-4"), FileTime.fromMillis(9000));

    assertThat(guest.module(guests).bytes()).asString(UTF_8).isEqualTo("new");
    assertThat(guest.image(guests)).isEqualTo(latest.resolve("library.image"));
  }

  @Test
  void whereNothingWasBuiltTheWayToBuildItIsNamed() {
    for (var directory : new Path[] {guests, guests.resolve("missing")}) {
      assertThatThrownBy(() -> guest.module(directory))
          .isInstanceOf(RuntimeUnavailableException.class)
          .hasMessage("thing was not built on this machine; build it: conformance/guest thing");
    }
  }
}
