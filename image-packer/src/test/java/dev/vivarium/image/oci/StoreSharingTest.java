package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.Vfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What processes do to one store at once, and what is left when they are killed. */
class StoreSharingTest {
  @TempDir Path directory;

  @Test
  void processesThatAreKilledAnywhereLeaveAStoreThatIsWhole() throws Exception {
    var random = new Random(1);
    for (int round = 0; round < 3; round++) {
      var processes = new ArrayList<Process>();
      for (var name : List.of("one", "two")) {
        processes.add(start(name));
      }
      try {
        for (var process : processes) {
          assertThat(process.inputReader().readLine()).isEqualTo("ready");
        }
        Thread.sleep(random.nextInt(300));
      } finally {
        for (var process : processes) {
          process.destroyForcibly().waitFor();
        }
      }
      try (var store = Store.open(directory)) {
        store.gc();
        for (var name : store.tags().keySet()) {
          var vfs = Vfs.fork(store.require(name).snapshot());
          assertThat(new String(vfs.read("/f"), UTF_8))
              .startsWith(name.repository().substring(0, 3));
        }
        assertThat(count("blobs/sha256")).isLessThanOrEqualTo(3L * store.tags().size());
      }
      assertThat(count("uploads")).isZero();
      assertThat(count("leases")).isZero();
    }
  }

  private long count(String name) throws IOException {
    try (var files = Files.list(directory.resolve(name))) {
      return files.count();
    }
  }

  private Process start(String name) throws IOException {
    var java = ProcessHandle.current().info().command().orElseThrow();
    return new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "-cp",
            Path.of("target", "test-classes")
                + ":"
                + System.getProperty("java.class.path")
                + ":"
                + System.getProperty("jdk.module.path", ""),
            StoreProcess.class.getName(),
            directory.toString(),
            name)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
