package dev.vivarium.conformance.faults.scenario;

import dev.vivarium.conformance.hostile.Expected;
import dev.vivarium.conformance.hostile.Import;
import dev.vivarium.conformance.hostile.Import.Choice;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A guest's calls on a directory of the host, with each call of the host and each use of the clock
 * failing once. The guest gets an errno or ends in a trap, the host's directory is as it was or as
 * it should be, and no descriptor of the host stays open.
 */
public final class MappedImportScenario implements Callable<List<String>> {

  /** Descriptor 16 is a file there, and 17 a directory. */
  private static final Map<String, List<List<String>>> CALLS =
      ImportScenario.calls(
          """
          fd_close 16
          fd_close 17
          fd_filestat_get 16
          fd_filestat_set_size 16 3
          fd_filestat_set_size 16 300
          fd_filestat_set_times 16 5 5 5
          fd_pread 16 _ 10
          fd_pwrite 16 _ 10
          fd_read 16 _
          fd_readdir 17 _ 0
          fd_renumber 16 4
          fd_sync 16
          fd_write 16 _
          path_create_directory 17 new
          path_filestat_get 3 1 m/d/f
          path_filestat_set_times 17 1 f 5 5 5
          path_open 17 1 f 0 -1 -1 0
          path_open 17 1 f 8 -1 -1 0
          path_open 17 1 new 1 -1 -1 0
          path_open 3 1 m/d 2 -1 -1 0
          path_remove_directory 3 m/e
          path_rename 3 m/f 17 g
          path_unlink_file 3 m/f
          """);

  private final Expected expected = Expected.load();
  private final List<String> results = new ArrayList<>();
  private long points;

  /** Violations; and at the end, how often something failed. */
  @Override
  public List<String> call() throws Exception {
    var imports =
        Import.all(Choice.PREVIEW1).stream()
            .filter(target -> target.module().equals("wasi_snapshot_preview1"))
            .toList();
    var kind = new GuestWorld.Kind(imports);
    for (var target : imports) {
      for (var words : CALLS.getOrDefault(target.shape().name(), List.of())) {
        test(kind, new ImportCall(target, words));
      }
    }
    results.add(Long.toString(points));
    return results;
  }

  private void test(GuestWorld.Kind kind, ImportCall call) throws Exception {
    var states = new ArrayList<String>();
    String done = "";
    long most = 0;
    for (long n = 0; n <= most; n++) {
      try (var host = new MappedDirectory()) {
        var guest = new GuestWorld(kind, call);
        guest.world.mkdir("/m");
        guest.world.vfs.mounts().hostDirectory("/m", host.path(), MountOptions.DEFAULT);
        guest.open("/m/d/f", OpenFlags.O_RDWR);
        guest.open("/m/d", OpenFlags.O_DIRECTORY);
        if (n == 0) {
          states.add(host.state());
        }
        String outcome = guest.call(n);
        String what = call + ", point " + n + " of " + most + ", " + outcome + ": ";
        if (n == 0) {
          most = guest.points();
          done = outcome;
          states.add(host.state());
          require(what + "does nothing", outcome.startsWith("SUCCESS"));
        } else {
          points++;
          require(what + "instead of " + done, allows(call.target(), outcome));
          String state = host.state();
          require(what + state + " instead of " + states, states.contains(state) || makes(call));
        }
        require(what + "check", guest.world.vfs.check().isEmpty());
        guest.end();
        guest.world.vfs.mounts().unmount("/m");
        require(what + "a descriptor of the host is open", host.descriptors() == 0);
        require(what + "remains", guest.world.remains().equals("{blocks=0, inodes=0}0[]"));
      }
    }
  }

  private boolean allows(Import target, String outcome) {
    return outcome.startsWith("SUCCESS")
        || outcome.equals("trap")
        || outcome.equals("EIO")
        || expected.allows(target.shape().name(), outcome);
  }

  /** A file that was made, but could not be opened, stays. */
  private static boolean makes(ImportCall call) {
    return call.toString().contains(" new 1 ");
  }

  private void require(String what, boolean condition) {
    if (!condition) {
      results.add(what);
    }
  }
}
