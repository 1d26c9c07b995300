package dev.vivarium.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeCacheTest {
  @TempDir Path temporary;
  private Path cache;
  private FakeNpm npm;

  @BeforeEach
  void makeDirectories() throws IOException {
    cache = temporary.resolve("cache/runtimes");
    npm = new FakeNpm(Files.createDirectory(temporary.resolve("bin")));
  }

  @Test
  void aModuleIsFetchedOnceAndThenFoundWithoutNpm() throws IOException {
    assertThat(fetch(npm.delivering(FakeNpm.MODULE)).bytes()).isEqualTo(FakeNpm.MODULE);

    var source = fetch(Map.of());

    assertThat(source.bytes()).isEqualTo(FakeNpm.MODULE);
    assertThat(source.sha256()).isEqualTo(FakeNpm.FILE.sha256());
    assertThat(source.name()).isEqualTo("guest");
    assertThat(npm.calls()).isEqualTo(1);
  }

  @Test
  void aFetchIsReportedAndAHitIsNot() throws IOException {
    var reports = new ArrayList<String>();
    Progress progress = (what, done, total) -> reports.add(what + " " + done + "/" + total);

    fetch(npm.delivering(FakeNpm.MODULE), progress);
    var ofTheFetch = List.copyOf(reports);
    reports.clear();
    fetch(Map.of(), progress);

    assertThat(ofTheFetch.stream().distinct())
        .containsExactly(
            "fetching guest (npm @scope/guest@1.2.3) 0/1",
            "fetching guest (npm @scope/guest@1.2.3) 1/1");
    assertThat(reports).isEmpty();
  }

  @Test
  void aFetchLeavesNothingButTheModuleAndTheLock() throws IOException {
    fetch(npm.delivering(FakeNpm.MODULE));

    assertThat(names()).hasSize(2).contains(".lock").anyMatch(name -> name.endsWith(".wasm"));
  }

  @Test
  void aModuleOfAnotherLengthIsFetchedAnew() throws IOException {
    var environment = npm.delivering(FakeNpm.MODULE);
    fetch(environment);
    Files.write(module(), new byte[] {1, 2, 3});

    assertThat(fetch(environment).bytes()).isEqualTo(FakeNpm.MODULE);
    assertThat(npm.calls()).isEqualTo(2);
  }

  @Test
  void aModuleThatWasDamagedInPlaceIsFetchedAnewWhenItIsRead() throws IOException {
    var environment = npm.delivering(FakeNpm.MODULE);
    fetch(environment);
    Files.write(module(), "the m0dule".getBytes(UTF_8));

    assertThat(fetch(environment).bytes()).isEqualTo(FakeNpm.MODULE);
    assertThat(npm.calls()).isEqualTo(2);
  }

  @Test
  void whatAKilledProcessLeftIsRemovedByTheNextFetch() throws IOException {
    var left = Files.createDirectories(cache.resolve(".fetch-123"));
    Files.write(left.resolve("module"), new byte[5]);

    fetch(npm.delivering(FakeNpm.MODULE));

    assertThat(left).doesNotExist();
  }

  @Test
  void withoutNpmThePersonIsToldWhatToInstall() {
    assertThatThrownBy(() -> fetch(Map.of("PATH", temporary.toString())))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining("no npm is on the PATH")
        .hasMessageContaining("install");
  }

  @Test
  void withoutANetworkThePersonIsToldThatInOneLine() throws IOException {
    var environment =
        npm.script(
            """
            echo 'npm warn Unknown user config' >&2
            echo 'npm error code ENOTFOUND' >&2
            echo 'npm error syscall getaddrinfo' >&2
            echo 'npm error errno ENOTFOUND' >&2
            echo 'npm error network request failed, reason: getaddrinfo ENOTFOUND nowhere' >&2
            echo 'npm error A complete log of this run can be found in: /x.log' >&2
            exit 1""");

    assertThatThrownBy(() -> fetch(environment))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessage(
            "npm could not fetch @scope/guest@1.2.3 (ENOTFOUND: request failed, reason: getaddrinfo"
                + " ENOTFOUND nowhere); check the network, and npm's registry and proxy settings");
    assertNothingIsKept();
  }

  @Test
  void anOlderNpmIsUnderstoodAsWell() throws IOException {
    var environment =
        npm.script(
            """
            echo 'npm ERR! code ENOSPC' >&2
            echo 'npm ERR! syscall write' >&2
            echo 'npm ERR! nospc ENOSPC: no space left on device, write' >&2
            exit 228""");

    assertThatThrownBy(() -> fetch(environment))
        .hasMessageContaining("(ENOSPC: no space left on device, write)")
        .hasMessageEndingWith("make room on the disk");
  }

  @Test
  void anNpmThatFailsWithoutAWordIsToldByItsStatus() throws IOException {
    var environment = npm.script("exit 7");

    assertThatThrownBy(() -> fetch(environment)).hasMessageContaining("(status 7)");
  }

  @Test
  void anNpmWithoutRoomForWordsIsUnderstoodByItsStatus() throws IOException {
    var environment = npm.script("exit 228");

    assertThatThrownBy(() -> fetch(environment)).hasMessageEndingWith("make room on the disk");
  }

  @Test
  void anNpmThatSaysAMegabyteDoesNotWaitForAReader() throws IOException {
    var environment =
        npm.script(
            "head -c 1000000 /dev/zero | tr '\\0' '\\n' >&2; echo 'npm error code E1' >&2; exit 1");

    assertThatThrownBy(() -> fetch(environment)).hasMessageContaining("(E1)");
  }

  @Test
  void anNpmThatSucceedsWithoutAnArchiveIsAFailure() throws IOException {
    var environment = npm.script("exit 0");

    assertThatThrownBy(() -> fetch(environment)).hasMessageContaining("left no archive");
    assertNothingIsKept();
  }

  @Test
  void anotherFileThanThePinnedOneIsNotKept() throws IOException {
    var environment = npm.delivering("the m0dule".getBytes(UTF_8));

    assertThatThrownBy(() -> fetch(environment)).hasMessageContaining("its SHA-256 differs");
    assertNothingIsKept();
  }

  @Test
  void aFileThatIsLongerThanThePinnedOneIsNotKept() throws IOException {
    var environment = npm.delivering("the module, and more".getBytes(UTF_8));

    assertThatThrownBy(() -> fetch(environment)).hasMessageContaining("its SHA-256 differs");
    assertNothingIsKept();
  }

  @Test
  void anArchiveWithoutTheFileIsRefused() throws IOException {
    var environment = npm.delivering("package/dist/other.wasm", FakeNpm.MODULE);

    assertThatThrownBy(() -> fetch(environment)).hasMessageContaining("holds no dist/guest.wasm");
    assertNothingIsKept();
  }

  @Test
  void aTruncatedArchiveIsRefused() throws IOException {
    var whole = FakeNpm.archive("package/dist/guest.wasm", FakeNpm.MODULE);
    for (int length : new int[] {0, 5, 30, whole.length / 2}) {
      var bin = Files.createDirectory(temporary.resolve("bin" + length));
      Files.write(bin.resolve("archive"), java.util.Arrays.copyOf(whole, length));
      var environment = new FakeNpm(bin).script("cp " + bin.resolve("archive") + " x.tgz");

      assertThatThrownBy(() -> fetch(environment))
          .as("%d bytes", length)
          .isInstanceOf(RuntimeUnavailableException.class)
          .hasMessageContaining("damaged");
      assertNothingIsKept();
    }
  }

  @Test
  void aCacheThatCannotBeMadeIsNamedWithTheWayOut() throws IOException {
    Files.writeString(temporary.resolve("cache"), "in the way");

    assertThatThrownBy(() -> fetch(npm.delivering(FakeNpm.MODULE)))
        .isInstanceOf(RuntimeUnavailableException.class)
        .hasMessageContaining(cache.toString())
        .hasMessageContaining("XDG_CACHE_HOME")
        .hasMessageNotContaining("\n");
    assertThat(npm.calls()).isZero();
  }

  @Test
  void threadsThatFetchAtOnceCauseOneFetch() throws Exception {
    var environment = npm.delivering(FakeNpm.MODULE);
    var threads = Executors.newFixedThreadPool(8);
    try {
      Callable<byte[]> fetch = () -> fetch(environment).bytes();
      for (var result : threads.invokeAll(java.util.Collections.nCopies(8, fetch))) {
        assertThat(result.get()).isEqualTo(FakeNpm.MODULE);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(npm.calls()).isEqualTo(1);
  }

  @Test
  void processesThatFetchAtOnceCauseOneFetch() throws Exception {
    var environment = npm.delivering(FakeNpm.MODULE);
    var processes = new ArrayList<Process>();
    for (int i = 0; i < 3; i++) {
      var builder =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path")
                      + ":"
                      + System.getProperty("jdk.module.path", ""),
                  FetchingProcess.class.getName(),
                  cache.getParent().toString())
              .redirectErrorStream(true);
      builder.environment().putAll(environment);
      processes.add(builder.start());
    }
    for (var process : processes) {
      assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
          .isEqualTo("the module");
      assertThat(process.waitFor()).isZero();
    }
    assertThat(npm.calls()).isEqualTo(1);
  }

  /** One of several processes that need the same module. */
  static final class FetchingProcess {
    public static void main(String[] arguments) throws IOException {
      var source =
          new RuntimeCache(Path.of(arguments[0]), System.getenv())
              .module("guest", FakeNpm.FILE, Progress.NONE);
      System.out.print(new String(source.bytes(), UTF_8));
    }
  }

  private WasmSource fetch(Map<String, String> environment) throws IOException {
    return fetch(environment, Progress.NONE);
  }

  private WasmSource fetch(Map<String, String> environment, Progress progress) throws IOException {
    return new RuntimeCache(cache.getParent(), environment).module("guest", FakeNpm.FILE, progress);
  }

  private Path module() throws IOException {
    try (var files = Files.newDirectoryStream(cache, "*.wasm")) {
      return files.iterator().next();
    }
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(cache)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private void assertNothingIsKept() throws IOException {
    assertThat(names()).containsExactly(".lock");
  }
}
