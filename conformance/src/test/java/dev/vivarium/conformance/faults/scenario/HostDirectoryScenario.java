package dev.vivarium.conformance.faults.scenario;

import static dev.vivarium.conformance.faults.scenario.World.bytes;
import static dev.vivarium.conformance.faults.scenario.World.content;

import dev.vivarium.conformance.faults.Faults;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Calls on a directory of the host, with each call of the host failing once. A guest gets an error,
 * the host's directory is as it was or as it should be and what is seen of it is what is there, and
 * no descriptor of the host stays open.
 */
public final class HostDirectoryScenario implements Callable<List<String>> {

  /** Shows a guest a directory of the host. */
  interface Mounting {
    void mount(Vfs vfs, Path directory) throws ErrnoException, IOException;
  }

  /** A call. */
  private interface Step {
    void run(Vfs vfs, FsContext context) throws ErrnoException, InterruptedException;
  }

  private final Map<String, Step> steps = new LinkedHashMap<>();
  private final List<String> results = new ArrayList<>();
  private final Mounting mounting;
  private long points;

  public HostDirectoryScenario() {
    this((vfs, directory) -> vfs.mounts().hostDirectory("/m", directory, MountOptions.DEFAULT));
  }

  /**
   * @param mounting at {@code /m}
   */
  HostDirectoryScenario(Mounting mounting) {
    this.mounting = mounting;
  }

  /** Violations; and at the end, how often something failed. */
  @Override
  public List<String> call() throws Exception {
    steps.put("stat", (v, c) -> v.stat(c, v.root(), bytes("/m/d/f"), true));
    steps.put("list", (v, c) -> use(v, c, "/m/d", OpenFlags.O_DIRECTORY));
    steps.put("read", (v, c) -> use(v, c, "/m/f", OpenFlags.O_RDONLY));
    steps.put("create", (v, c) -> use(v, c, "/m/new", OpenFlags.O_RDWR | OpenFlags.O_CREAT));
    steps.put("write", (v, c) -> use(v, c, "/m/d/f", OpenFlags.O_RDWR));
    steps.put("cut", (v, c) -> v.truncate(c, v.root(), bytes("/m/f"), 3));
    steps.put("lengthen", (v, c) -> v.truncate(c, v.root(), bytes("/m/f"), 300));
    steps.put("open to cut", (v, c) -> open(v, c, "/m/f", OpenFlags.O_TRUNC).release());
    steps.put("mkdir", (v, c) -> v.makeDirectory(c, v.root(), bytes("/m/new"), 0755));
    steps.put("rmdir", (v, c) -> v.removeDirectory(c, v.root(), bytes("/m/e")));
    steps.put("unlink", (v, c) -> v.unlink(c, v.root(), bytes("/m/f")));
    steps.put("rename", (v, c) -> v.rename(c, v.root(), bytes("/m/f"), v.root(), bytes("/m/d/g")));
    steps.put("symlink", (v, c) -> v.symlink(c, bytes("f"), v.root(), bytes("/m/new")));
    steps.put("chmod", (v, c) -> v.changeMode(c, v.root(), bytes("/m/f"), 0600, true));
    steps.put(
        "utimens",
        (v, c) -> v.setTimes(c, v.root(), bytes("/m/f"), TimeChange.at(5), TimeChange.at(5), true));
    for (var step : steps.entrySet()) {
      test(step.getKey(), step.getValue());
    }
    results.add(Long.toString(points));
    return results;
  }

  private static FileDescription open(Vfs vfs, FsContext context, String path, int flags)
      throws ErrnoException {
    return vfs.open(context, vfs.root(), bytes(path), flags, 0644);
  }

  private static void use(Vfs vfs, FsContext context, String path, int flags)
      throws ErrnoException, InterruptedException {
    var file = open(vfs, context, path, flags);
    try {
      if ((flags & OpenFlags.O_DIRECTORY) != 0) {
        file.readDirectory(0, (cookie, ino, type, name) -> true);
      } else {
        file.read(new byte[100], 0, 100);
        if ((flags & OpenFlags.O_RDWR) != 0) {
          file.write(content('w', 50), 0, 50);
        }
      }
    } finally {
      file.release();
    }
  }

  private Vfs mounted(MappedDirectory host) throws ErrnoException, IOException {
    var vfs = Vfs.builder().build();
    vfs.makeDirectories("/m");
    mounting.mount(vfs, host.path());
    return vfs;
  }

  /** What is there, for the last time. */
  private static String seen(Vfs vfs) throws ErrnoException {
    String tree = vfs.tree("/m");
    vfs.mounts().unmount("/m");
    return tree;
  }

  private void test(String name, Step step) throws Exception {
    var states = new ArrayList<String>();
    long most = 0;
    for (long n = 0; n <= most; n++) {
      var host = new MappedDirectory();
      var vfs = mounted(host);
      if (n == 0) {
        states.add(host.state());
      }
      Faults.arm(n);
      String outcome = "done";
      try {
        step.run(vfs, vfs.superuser());
      } catch (ErrnoException e) {
        outcome = e.errno().name();
      } finally {
        long passed = Faults.disarm();
        most = n == 0 ? passed : most;
      }
      points += n == 0 ? 0 : 1;
      String what = name + ", " + n + " of " + most + ", " + outcome + ": ";
      vfs.check().forEach(violation -> results.add(what + violation));
      if (vfs.openFiles() != 0) {
        results.add(what + "a file is open");
      }
      String seen = seen(vfs);
      if (!seen.equals(seen(mounted(host)))) {
        results.add(what + "it sees " + seen);
      }
      if (host.descriptors() > 0) {
        results.add(what + "a descriptor of the host is open");
      }
      String state = host.state();
      if (n == 0) {
        states.add(state);
      } else if (!states.contains(state) && !name.equals("create")) {
        results.add(what + state + " instead of " + states);
      }
      host.close();
    }
  }
}
