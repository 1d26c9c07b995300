package dev.vivarium.conformance.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vivarium.image.build.BaseUnavailableException;
import dev.vivarium.image.build.Build;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Compression;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.image.oci.Layer;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Registry;
import dev.vivarium.image.oci.Store;
import dev.vivarium.vfs.Vfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copying to and from a registry as it is run, in a process of its own on this machine. */
class DockerRegistryTest {
  @TempDir Path directory;
  private LocalRegistry process;

  @BeforeEach
  void startRegistry() throws Exception {
    assumeTrue(LocalRegistry.isInstalled(), "docker-registry is not installed");
    process = LocalRegistry.start(Files.createDirectory(directory.resolve("registry")));
  }

  @AfterEach
  void endRegistry() throws InterruptedException {
    if (process != null) {
      process.close();
    }
  }

  @Test
  void aBoxIsTheSameAfterPushRemovalAndPull() throws Exception {
    var name = Reference.parse(process.host() + "/some/app:1");
    try (var store = Store.open(directory.resolve("store"))) {
      var noise = new byte[20 << 20];
      new Random(1).nextBytes(noise);
      var module = store.putModule(noise);
      var layer = layer(store, "/noise", noise);
      var image = store.putImage(BoxConfig.builder().build(), List.of(module, layer));
      store.tag(name, image);
      registry(name).push(image);
    }
    Digest digest;
    try (var store = Store.open(directory.resolve("store"))) {
      digest = store.require(name).digest();
      store.untag(name);
    }
    try (var store = Store.open(directory.resolve("store"))) {
      assertThat(store.gc().files()).isPositive();
      assertThat(registry(name).pull(store).digest()).isEqualTo(digest);
    }
  }

  @Test
  void aStageMayBeginWithABoxOfTheRegistry() throws Exception {
    var name = Reference.parse(process.host() + "/some/base:1");
    try (var store = Store.open(directory.resolve("theirs"))) {
      var layer = layer(store, "/from/base", new byte[] {1});
      registry(name).push(store.putImage(BoxConfig.builder().user("7").build(), List.of(layer)));
    }
    var context = Files.createDirectory(directory.resolve("context"));
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM " + name + "\nCOPY --from=" + name + " /from/base /copied\n");
    try (var store = Store.open(directory.resolve("ours"))) {
      var image = Build.of(context).environment(environment()).run(store);
      var vfs = Vfs.fork(image.snapshot());
      assertThat(vfs.read("/from/base")).containsExactly(1);
      assertThat(vfs.read("/copied")).containsExactly(1);
      assertThat(image.config().user()).isEqualTo("7");
    }
    Files.writeString(context.resolve("Dockerfile"), "FROM " + name.name() + ":none\n");
    try (var store = Store.open(directory.resolve("ours"))) {
      assertThatThrownBy(() -> Build.of(context).environment(environment()).run(store))
          .isInstanceOf(BaseUnavailableException.class)
          .hasMessageStartingWith("Dockerfile:1: ");
    }
  }

  private static Layer layer(Store store, String path, byte[] content) throws Exception {
    var vfs = Vfs.builder().build();
    vfs.write(path, content);
    return store.putLayer(null, vfs.snapshot(), Instant.EPOCH, Compression.ZSTD);
  }

  private Map<String, String> environment() {
    return Map.of("DOCKER_CONFIG", directory.toString(), "XDG_CACHE_HOME", directory.toString());
  }

  private Registry registry(Reference name) throws IOException {
    return Registry.of(name, environment(), (what, done, total) -> {});
  }
}
