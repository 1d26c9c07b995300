package dev.vivarium.conformance.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.conformance.wat.Wat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every function of preview1, called by small guests with good arguments and bad ones; the trace is
 * compared with the one beside the guest's text. {@code -Dgolden.update=true} writes the traces
 * anew: read what has changed against the specification before you commit it.
 */
class GoldenTraceTest {
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");
  private static final Path SOURCES = Path.of("src/test/wat");

  private static final Set<String> PREVIEW1 =
      new TreeSet<>(
          List.of(
              ("args_get args_sizes_get clock_res_get clock_time_get environ_get environ_sizes_get"
                      + " fd_advise fd_allocate fd_close fd_datasync fd_fdstat_get"
                      + " fd_fdstat_set_flags fd_fdstat_set_rights fd_filestat_get"
                      + " fd_filestat_set_size fd_filestat_set_times fd_pread fd_prestat_dir_name"
                      + " fd_prestat_get fd_pwrite fd_read fd_readdir fd_renumber fd_seek fd_sync"
                      + " fd_tell fd_write path_create_directory path_filestat_get"
                      + " path_filestat_set_times path_link path_open path_readlink"
                      + " path_remove_directory path_rename path_symlink path_unlink_file"
                      + " poll_oneoff proc_exit proc_raise random_get sched_yield sock_accept"
                      + " sock_recv sock_send sock_shutdown")
                  .split(" ")));

  /** What wasi_unstable numbers or lays out otherwise, or lacks; it has guests of its own. */
  private static final Pattern DIFFERENT_BEFORE =
      Pattern.compile("\\$(fd_seek|poll_oneoff|sock_accept)\\b");

  private static Map<String, byte[]> unstable;

  /** Assembles them all in one go. */
  @BeforeAll
  static void translateToWasiUnstable() {
    unstable =
        Wat.assemble(
            guestsThatPredatePreview1().stream()
                .collect(
                    Collectors.toMap(
                        Function.identity(),
                        name ->
                            Wat.text(name).replace("wasi_snapshot_preview1", "wasi_unstable"))));
  }

  static List<String> preview1Guests() {
    return Wat.guests("preview1");
  }

  static List<String> guests() {
    return Stream.concat(preview1Guests().stream(), Wat.guests("unstable").stream()).toList();
  }

  static List<String> guestsThatPredatePreview1() {
    return preview1Guests().stream()
        .filter(name -> !DIFFERENT_BEFORE.matcher(Wat.text(name)).find())
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("guests")
  void theTraceIsTheOneThatWasReviewed(String name) throws Exception {
    String trace = GoldenRun.of(name, Wat.guest(name));
    if (UPDATE) {
      Files.writeString(golden(name), trace);
    }
    assertThat(trace).isEqualTo(Files.readString(golden(name)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("guestsThatPredatePreview1")
  void theSameGuestSeesTheSameThroughWasiUnstable(String name) throws Exception {
    assertThat(GoldenRun.of(name, unstable.get(name))).isEqualTo(Files.readString(golden(name)));
  }

  @Test
  void everyFunctionOfPreview1IsCalled() throws IOException {
    Set<String> called = new TreeSet<>();
    for (String name : preview1Guests()) {
      Matcher calls =
          Pattern.compile("^(\\w+)\\(", Pattern.MULTILINE).matcher(Files.readString(golden(name)));
      calls.results().forEach(call -> called.add(call.group(1)));
    }
    assertThat(PREVIEW1).hasSize(46);
    assertThat(called).isEqualTo(PREVIEW1);
  }

  private static Path golden(String name) {
    return SOURCES.resolve(name + ".trace");
  }
}
