package dev.vivarium.conformance.faults.scenario;

import dev.vivarium.conformance.hostile.Import;
import dev.vivarium.conformance.hostile.Import.Choice;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Returns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Every import, called by a guest, with each allocation and each use of what the embedder has
 * handed in failing once. The guest gets ENOMEM, or ends in a trap; nothing has changed then, the
 * call works when it is made again, and nothing is lost in the end.
 */
public final class ImportScenario implements Callable<List<String>> {

  /** What is called otherwise than with what suits the kinds of its parameters; all succeeds. */
  private static final Map<String, List<List<String>>> CALLS =
      calls(
          """
          clock_time_get 0 1
          clock_time_get 2 1
          fd_advise 4 0 100 1
          fd_allocate 4 0 100000
          fd_allocate 5 0 100000
          fd_close 2
          fd_close 4
          fd_close 7
          fd_close 12
          fd_dup2 4 5 1
          fd_dup2 4 200 1
          fd_fdstat_get 4
          fd_fdstat_get 15
          fd_fdstat_set_rights 4 2 0
          fd_filestat_get 4
          fd_filestat_get 0
          fd_filestat_get 7
          fd_filestat_set_size 4 5000
          fd_filestat_set_size 5 5000
          fd_filestat_set_size 5 1000000
          fd_filestat_set_times 4 5 5 5
          fd_filestat_set_times 5 5 5 10
          fd_pread 4 _ 100
          fd_pread 13 _ 0
          fd_prestat_get 3
          fd_prestat_dir_name 3 _
          fd_pwrite 4 _ 100
          fd_pwrite 5 _ 4090
          fd_read 0 _
          fd_read 4 _
          fd_read 5 _
          fd_read 7 _
          fd_read 13 _
          fd_read 15 _
          fd_readdir 3 _ 0
          fd_readdir 6 _ 0
          fd_readdir 14 _ 0
          fd_renumber 3 4
          fd_renumber 4 2
          fd_renumber 4 5
          fd_renumber 7 4
          fd_seek 4 5 0
          fd_write 1 _
          fd_write 4 _
          fd_write 5 _
          fd_write 8 _
          fd_write 12 _
          fd_write 13 _
          fd_write 15 _
          path_create_directory 3 o/new
          path_create_directory 3 base/many/new
          path_filestat_get 3 1 tobase/many/f3
          path_filestat_get 3 1 proc/self/fd/4
          path_filestat_set_times 3 1 shared 5 5 5
          path_filestat_set_times 3 1 own 5 5 10
          path_link 3 0 own 3 o/hard
          path_link 3 0 shared 3 base/many/hard
          path_open 3 1 o/new 1 -1 -1 0
          path_open 3 1 base/new 1 -1 -1 4
          path_open 3 1 shared 0 -1 -1 0
          path_open 3 1 own 8 -1 -1 0
          path_open 3 1 base/many 2 -1 -1 0
          path_open 3 1 fifo 0 -1 -1 0
          path_open 3 1 dev/null 0 -1 -1 0
          path_open 3 1 dev/tty 0 -1 -1 0
          path_open 3 1 proc/self/fd/4 0 -1 -1 0
          path_open 3 1 proc/self/status 0 2 0 0
          path_open2 3 1 o/new 1 -1 -1 0 1
          path_open2 3 1 shared 0 -1 -1 0 0
          path_readlink 3 link _
          path_readlink 3 proc/self/fd/4 _
          path_remove_directory 3 o/empty
          path_remove_directory 3 base/empty
          path_rename 3 small 3 o/renamed
          path_rename 3 users 3 base/many/f5
          path_rename 3 o/full 3 base/full
          path_symlink own 3 o/s
          path_unlink_file 3 users
          path_unlink_file 3 own
          path_unlink_file 3 base/many/f33
          poll_oneoff _ _ 3
          chdir base/many
          sock_recv 9 _ 0
          sock_recv 9 _ 2
          sock_send 9 _ 0
          """);

  /** What does something else where the guest knows WASIX. */
  private static final Set<String> BY_GUEST = Set.of("fd_renumber", "poll_oneoff");

  private final List<String> results = new ArrayList<>();
  private long points;

  /** Violations; and at the end, how often something failed. */
  @Override
  public List<String> call() throws Exception {
    Set<FunctionShape> done = new HashSet<>();
    for (var choice : Choice.values()) {
      // Tables share rows.
      var imports =
          Import.all(choice).stream()
              .filter(
                  target -> done.add(target.shape()) || BY_GUEST.contains(target.shape().name()))
              .toList();
      var kind = new GuestWorld.Kind(imports);
      for (var target : imports) {
        test(kind, target);
      }
    }
    results.add(Long.toString(points));
    return results;
  }

  /** The words of each line, by the first of them. */
  static Map<String, List<List<String>>> calls(String text) {
    return text.lines()
        .map(line -> List.of(line.split(" ")))
        .collect(
            Collectors.groupingBy(
                words -> words.get(0),
                Collectors.mapping(words -> words.subList(1, words.size()), Collectors.toList())));
  }

  private void test(GuestWorld.Kind kind, Import target) throws Exception {
    for (var words : CALLS.getOrDefault(target.shape().name(), List.of(List.<String>of()))) {
      test(kind, new ImportCall(target, words));
    }
  }

  private void test(GuestWorld.Kind kind, ImportCall call) throws Exception {
    String before = new GuestWorld(kind, call).describe();
    var whole = new GuestWorld(kind, call);
    whole.world.later();
    String done = whole.call(0);
    long most = whole.points();
    String after = whole.describe();
    String nothing = whole.remains();
    if (CALLS.containsKey(call.target().shape().name()) && !done.startsWith("SUCCESS")) {
      results.add(call + " does nothing: " + done);
    }
    report(call + ": remains", "{blocks=0, inodes=0}0[]00", nothing);
    for (long n = 1; n <= most; n++) {
      points++;
      var guest = new GuestWorld(kind, call);
      guest.world.later();
      String outcome = guest.call(n);
      String what = call + ", point " + n + " of " + most + ", " + outcome + ": ";
      report(what + "check", "[]", guest.world.vfs.check().toString());
      if (outcome.equals(done)) {
        report(what + "as if nothing had failed", after, guest.describe());
      } else if (!outcome.startsWith("SUCCESS")) {
        if (!allows(call.target(), outcome)) {
          results.add(what + "instead of " + done);
        }
        if (!leavesMore(call)) {
          report(what + "a call that failed", before, guest.describe());
        }
        report(what + "made again", done, guest.call(0));
        report(what + "made again", after, guest.describe());
      }
      report(what + "remains", nothing, guest.remains());
    }
  }

  private static boolean allows(Import target, String outcome) {
    String name = target.shape().name();
    return switch (outcome) {
      case "ENOMEM", "trap" -> true;
      // What the host's stream says.
      case "EPIPE" -> name.equals("fd_write");
      // A file that gets no memory is one that gets no room.
      case "ENOSPC" -> Set.of("fd_allocate", "fd_pwrite", "fd_write").contains(name);
      // What can answer nothing ends the guest.
      case "end" -> target.shape().returns().core() == Returns.Core.NOTHING;
      default -> false;
    };
  }

  /** A file that was made, but could not be opened, stays. */
  private static boolean leavesMore(ImportCall call) {
    return call.toString().contains("/new 1 ");
  }

  private void report(String what, String expected, String actual) {
    if (!expected.equals(actual)) {
      results.add(what + ": " + World.difference(expected, actual));
    }
  }
}
