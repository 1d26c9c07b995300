package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An entry of the cache is sound or is not used, whatever happens to its builder and its file. */
@Timeout(120)
class CacheTest {
  @TempDir Path parent;
  private Path directory;
  private final AtomicInteger builds = new AtomicInteger();

  @BeforeEach
  void chooseDirectory() {
    directory = parent.resolve("not/there/yet");
  }

  /** A module that answers a number; counts how often its bytes are asked for. */
  private WasmSource answering(int number, Runnable whenBuilt) {
    var module = new TinyModule();
    module.export("answer", module.function(module.type(new int[0], I32), i32(number)));
    var bytes = module.build();
    var plain = WasmSource.of("answer", bytes);
    return new WasmSource() {
      @Override
      public String name() {
        return "answer";
      }

      @Override
      public String sha256() throws IOException {
        return plain.sha256();
      }

      @Override
      public byte[] bytes() {
        builds.incrementAndGet();
        whenBuilt.run();
        return bytes;
      }
    };
  }

  private long answer(int number) throws IOException {
    return answer(ChicoryEngine.withCache(directory), number, Progress.NONE);
  }

  private long answer(ChicoryEngine engine, int number, Progress progress) throws IOException {
    var module = engine.load(answering(number, () -> {}), progress);
    return module.instantiate(List.of(), 0).call("answer")[0];
  }

  private List<Path> files(String glob) throws IOException {
    var files = new ArrayList<Path>();
    try (var found = Files.newDirectoryStream(directory, glob)) {
      found.forEach(files::add);
    }
    return files;
  }

  private Path entry(String glob) throws IOException {
    assertThat(files("*.tmp")).isEmpty();
    assertThat(files(glob)).hasSize(1);
    return files(glob).get(0);
  }

  private Path entry() throws IOException {
    return entry("*.module");
  }

  @Test
  void aModuleIsBuiltOnceAndFoundAgain() throws IOException {
    var said = new ArrayList<String>();
    assertThat(answer(ChicoryEngine.withCache(directory), 1, (what, done, all) -> said.add(what)))
        .isOne();
    assertThat(said).isNotEmpty().containsOnly("compiling answer");
    said.clear();
    assertThat(answer(ChicoryEngine.withCache(directory), 1, (what, done, all) -> said.add(what)))
        .isOne();
    assertThat(said).isEmpty();
    assertThat(builds).hasValue(1);
    entry("*.module");
    entry("*.code");
  }

  @Test
  void progressEndsAtItsTotal() throws IOException {
    var reports = Collections.synchronizedList(new ArrayList<long[]>());
    answer(
        ChicoryEngine.withCache(directory),
        1,
        (what, done, all) -> reports.add(new long[] {done, all}));
    assertThat(reports).allSatisfy(row -> assertThat(row[1]).isPositive());
    assertThat(reports.get(reports.size() - 1)).containsExactly(1, 1);
    assertThat(reports.subList(0, reports.size() - 1))
        .allSatisfy(row -> assertThat(row[0]).isLessThan(row[1]));
  }

  @Test
  void anEngineSharesWhatItHasLoaded() throws IOException {
    var engine = ChicoryEngine.withoutCache();
    var first = engine.load(answering(1, () -> {}), Progress.NONE);
    assertThat(engine.load(answering(1, () -> {}), Progress.NONE)).isSameAs(first);
    assertThat(engine.load(answering(2, () -> {}), Progress.NONE)).isNotSameAs(first);
    assertThat(builds).hasValue(2);
  }

  @Test
  void modulesThatDifferHaveEntriesOfTheirOwn() throws IOException {
    assertThat(answer(1)).isOne();
    assertThat(answer(2)).isEqualTo(2);
    assertThat(files("*.module")).hasSize(2);
    assertThat(files("*.code")).hasSize(2);
    assertThat(answer(1)).isOne();
  }

  /** Functions that load what is in the data, and one for how large memory is; some exported. */
  private static TinyModule loading(int number, String... exports) {
    var module = new TinyModule().memory(number).data(0, new byte[] {(byte) number});
    int type = module.type(new int[0], I32);
    var bodies =
        List.of(cat(i32(0), bytes(0x2D, 0, 0)), cat(i32(1), bytes(0x2D, 0, 0)), bytes(0x3F, 0));
    for (int i = 0; i < bodies.size(); i++) {
      int function = module.function(type, bodies.get(i));
      if (i < exports.length) {
        module.export(exports[i], function);
      }
    }
    return module;
  }

  private long call(byte[] module, String function, List<String> said) throws IOException {
    return ChicoryEngine.withCache(directory)
        .load(WasmSource.of("it", module), (what, done, all) -> said.add(what))
        .instantiate(List.of(), 1 << 20)
        .call(function)[0];
  }

  @Test
  void modulesThatDifferInDataMemoryNamesAndExportedFunctionsShareTheirCode() throws IOException {
    var said = new ArrayList<String>();
    assertThat(call(loading(1, "first").build(), "first", said)).isOne();
    assertThat(said).isNotEmpty();
    said.clear();
    assertThat(call(loading(2, "first").build(), "first", said)).isEqualTo(2);
    var names = bytes(0, 3, 1, 'n', 0);
    assertThat(call(cat(loading(3, "other").build(), names), "other", said)).isEqualTo(3);
    assertThat(call(loading(4, "a", "b").build(), "b", said)).isZero();
    assertThat(call(loading(5, "a", "b", "size").build(), "size", said)).isEqualTo(5);
    assertThat(said).isEmpty();
    assertThat(files("*.module")).hasSize(5);
    entry("*.code");
  }

  @Test
  void whatIsCompiledToOtherCodeSharesNone() throws IOException {
    var modules =
        List.of(
            loading(1, "first"),
            loading(1, "first").table(2).element(0, 0),
            loading(1, "first").table(2).element(0, 1),
            loading(1, "first").table(2).element(0, 1).exportTable("table"),
            loading(1, "first").global(I32, 0, i32(1)),
            loading(1, "first").global(I32, 0, i32(2)));
    for (var module : modules) {
      assertThat(call(module.build(), "first", new ArrayList<>())).isOne();
    }
    assertThat(files("*.code")).hasSameSizeAs(modules);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.module", "*.code"})
  void aTruncatedEntryIsBuiltAnew(String kind) throws IOException {
    answer(1);
    long size = Files.size(entry(kind));
    int expected = 1;
    for (long length : new long[] {0, 1, 23, 24, size / 2, size - 1}) {
      try (var channel = FileChannel.open(entry(kind), StandardOpenOption.WRITE)) {
        channel.truncate(length);
      }
      assertThat(answer(1)).isOne();
      assertThat(builds).hasValue(++expected);
      assertThat(Files.size(entry(kind))).isEqualTo(size);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.module", "*.code"})
  void anEntryWithADamagedByteIsBuiltAnew(String kind) throws IOException {
    answer(1);
    var sound = Files.readAllBytes(entry(kind));
    var random = new Random(3);
    int expected = 1;
    for (int round = 0; round < 40; round++) {
      var damaged = sound.clone();
      // The last bytes are the index and the footer: they get their share.
      int at =
          round % 2 == 0 ? random.nextInt(sound.length) : sound.length - 1 - random.nextInt(64);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(entry(kind), damaged);
      assertThat(answer(1)).isOne();
      assertThat(builds).as("byte %d", at).hasValue(++expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.module", "*.code"})
  void whatIsNoEntryIsBuiltAnew(String kind) throws IOException {
    answer(1);
    Files.write(entry(kind), new byte[1000]);
    assertThat(answer(1)).isOne();
    Files.writeString(entry(kind), "x".repeat(100));
    assertThat(answer(1)).isOne();
    assertThat(builds).hasValue(3);
  }

  @Test
  void twoThreadsBuildOnce() throws Exception {
    var building = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var first =
        new FutureTask<>(
            () ->
                ChicoryEngine.withCache(directory)
                    .load(
                        answering(
                            1,
                            () -> {
                              building.countDown();
                              await(go);
                            }),
                        Progress.NONE));
    new Thread(first).start();
    building.await();
    var said = Collections.synchronizedList(new ArrayList<String>());
    var second =
        new FutureTask<>(
            () -> {
              Progress progress =
                  (what, done, all) -> {
                    said.add(what + " " + done + "/" + all);
                    go.countDown();
                  };
              return answer(ChicoryEngine.withCache(directory), 1, progress);
            });
    new Thread(second).start();
    assertThat(second.get()).isOne();
    first.get();
    assertThat(said)
        .containsExactly(
            "waiting for the preparation of answer 0/1",
            "waiting for the preparation of answer 1/1");
    assertThat(builds).hasValue(1);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWaitingThreadCanBeInterrupted() throws Exception {
    var building = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var source =
        answering(
            1,
            () -> {
              building.countDown();
              await(go);
            });
    var first =
        new FutureTask<>(() -> ChicoryEngine.withCache(directory).load(source, Progress.NONE));
    new Thread(first).start();
    building.await();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> answer(1)).isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    go.countDown();
    first.get();
    assertThat(answer(1)).isOne();
  }

  @Test
  void aFailedBuildLeavesNothingAndBlocksNobody() throws IOException {
    var engine = ChicoryEngine.withCache(directory);
    var broken = WasmSource.of("broken", new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 0});
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> engine.load(broken, Progress.NONE))
          .isInstanceOf(InvalidModuleException.class);
    }
    assertThat(files("*.{module,code,tmp}")).isEmpty();
  }

  @Test
  void whatAKilledBuilderLeftIsRemovedWhenItIsOld() throws IOException {
    answer(1);
    var name = entry().getFileName().toString();
    Files.delete(entry());
    var abandoned = Files.createFile(directory.resolve(name + ".123.tmp"));
    Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(7200)));
    var others = Files.createFile(directory.resolve(name + ".456.tmp"));
    assertThat(answer(1)).isOne();
    assertThat(abandoned).doesNotExist();
    assertThat(others).exists();
  }

  @Test
  void aCacheThatCannotBeIsOneLineThatNamesIt() throws IOException {
    var file = Files.createFile(parent.resolve("file"));
    for (var impossible : List.of(file, file.resolve("below"), file.resolve("a/b"))) {
      assertThatThrownBy(
              () -> ChicoryEngine.withCache(impossible).load(answering(1, () -> {}), Progress.NONE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(impossible.toString())
          .hasMessageContaining("cannot use the module cache")
          .message()
          .doesNotContain("\n");
    }
    assertThat(builds).hasValue(0);
  }
}
