package dev.vivarium.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vivarium.image.build.Build;
import dev.vivarium.image.build.DockerfileException;
import dev.vivarium.vfs.Vfs;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copying to and from a registry as it is run, in a process of its own on this machine. */
class DockerRegistryTest {
  private static final String PROGRAM = "docker-registry";

  @TempDir Path directory;

  @Test
  void aBoxIsTheSameAfterPushRemovalAndPull() throws Exception {
    assumeTrue(isInstalled(), PROGRAM + " is not installed");
    int port = freePort();
    var process = start(port);
    try {
      awaitListening(process, port);
      var name = Reference.parse("localhost:" + port + "/some/app:1");
      try (var store = Store.open(directory.resolve("store"))) {
        var noise = new byte[20 << 20];
        new Random(1).nextBytes(noise);
        var tree = TestTree.empty();
        tree.vfs.write("/noise", noise);
        var layer = store.putLayer(null, tree.snapshot(), TestTree.TIME, Compression.ZSTD);
        var module = store.putModule(noise);
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
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void aStageMayBeginWithABoxOfTheRegistry() throws Exception {
    assumeTrue(isInstalled(), PROGRAM + " is not installed");
    int port = freePort();
    var process = start(port);
    try {
      awaitListening(process, port);
      var name = Reference.parse("localhost:" + port + "/some/base:1");
      try (var store = Store.open(directory.resolve("theirs"))) {
        var tree = TestTree.empty();
        tree.vfs.write("/from/base", new byte[] {1});
        var layer = store.putLayer(null, tree.snapshot(), TestTree.TIME, Compression.ZSTD);
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
            .isInstanceOf(DockerfileException.class)
            .hasMessageStartingWith("Dockerfile:1: ");
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private Map<String, String> environment() {
    return Map.of("DOCKER_CONFIG", directory.toString(), "XDG_CACHE_HOME", directory.toString());
  }

  private Registry registry(Reference name) throws IOException {
    return Registry.of(name, environment(), (what, done, total) -> {});
  }

  private static boolean isInstalled() {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
        .anyMatch(place -> Files.isExecutable(Path.of(place, PROGRAM)));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process start(int port) throws IOException {
    var configuration = directory.resolve("registry.yml");
    Files.writeString(
        configuration,
        """
        version: 0.1
        storage:
          filesystem:
            rootdirectory: %s
        http:
          addr: localhost:%d
        """
            .formatted(directory.resolve("registry"), port));
    return new ProcessBuilder(PROGRAM, "serve", configuration.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("registry.log").toFile())
        .start();
  }

  private void awaitListening(Process process, int port) throws Exception {
    while (true) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (ConnectException e) {
        assertThat(process.isAlive())
            .as(Files.readString(directory.resolve("registry.log")))
            .isTrue();
        Thread.sleep(20);
      }
    }
  }
}
