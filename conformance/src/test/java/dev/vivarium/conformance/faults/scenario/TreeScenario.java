package dev.vivarium.conformance.faults.scenario;

import static dev.vivarium.conformance.faults.scenario.World.bytes;
import static dev.vivarium.conformance.faults.scenario.World.content;

import dev.vivarium.conformance.faults.Faults;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.AllocateFlags;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.RenameFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Every call that changes a tree, with each allocation and each look at the clock on its way
 * failing once. A call that fails has changed nothing, works when it is made again, and nothing is
 * lost in the end.
 */
public final class TreeScenario implements Callable<List<String>> {
  private static final int PUNCH =
      AllocateFlags.FALLOC_FL_PUNCH_HOLE | AllocateFlags.FALLOC_FL_KEEP_SIZE;

  /** A call. */
  private interface Step {
    void run(World world) throws ErrnoException, InterruptedException;
  }

  private final Map<String, Step> steps = new LinkedHashMap<>();
  private final List<String> results = new ArrayList<>();
  private long points;

  /** Violations; and at the end, how often something failed. */
  @Override
  public List<String> call() throws Exception {
    names();
    contents();
    attributes();
    wholes();
    for (var step : steps.entrySet()) {
      try {
        test(step.getKey(), step.getValue());
      } catch (ErrnoException e) {
        results.add(step.getKey() + ": " + e);
      } finally {
        Faults.disarm();
      }
    }
    results.add(Long.toString(points));
    return results;
  }

  private void names() {
    steps.put("mkdir", w -> w.mkdir("/o/new"));
    steps.put("mkdir in the base", w -> w.mkdir("/base/many/new"));
    steps.put("create", w -> w.keep("/o/new", OpenFlags.O_RDWR | OpenFlags.O_CREAT));
    steps.put("create in the base", w -> w.keep("/base/new", OpenFlags.O_RDWR | OpenFlags.O_CREAT));
    steps.put("open", w -> w.keep("/shared", OpenFlags.O_RDWR));
    steps.put("open to cut", w -> w.keep("/own", OpenFlags.O_RDWR | OpenFlags.O_TRUNC));
    steps.put("open a directory", w -> w.keep("/base/many", OpenFlags.O_DIRECTORY));
    steps.put("open without a name", w -> w.keep("/o", OpenFlags.O_RDWR | OpenFlags.O_TMPFILE));
    steps.put(
        "symlink",
        w -> w.vfs.symlink(w.context, bytes("x".repeat(99)), w.vfs.root(), bytes("/o/s")));
    steps.put(
        "mknod",
        w -> w.vfs.makeNode(w.context, w.vfs.root(), bytes("/o/p"), FileType.FIFO.bits(), 0));
    steps.put("link", w -> link(w, "/own", "/o/hard"));
    steps.put("link from the base", w -> link(w, "/shared", "/base/many/hard"));
    steps.put(
        "link what has no name",
        w -> w.vfs.link(w.context, w.unnamed, w.vfs.root(), bytes("/o/named")));
    steps.put("unlink", w -> w.unlink("/users"));
    steps.put("unlink one of two", w -> w.unlink("/small"));
    steps.put("unlink in the base", w -> w.unlink("/base/many/f33"));
    steps.put("unlink what is open", w -> w.unlink("/own"));
    steps.put("unlink what is open in the base", w -> w.unlink("/base/many/f7"));
    steps.put("rmdir", w -> rmdir(w, "/o/empty"));
    steps.put("rmdir in the base", w -> rmdir(w, "/base/empty"));
    steps.put("rmdir what is open", w -> rmdir(w, "/o/open"));
    steps.put("rename", w -> w.rename("/small", "/o/renamed", 0));
    steps.put("rename in place", w -> w.rename("/small", "/smaller", 0));
    steps.put("rename over", w -> w.rename("/small", "/users", 0));
    steps.put("rename over what is open", w -> w.rename("/small", "/own", 0));
    steps.put("rename over the base", w -> w.rename("/users", "/base/many/f5", 0));
    steps.put("rename a directory", w -> w.rename("/o/full", "/base/full", 0));
    steps.put("rename a directory over another", w -> w.rename("/o/full", "/o/empty", 0));
    steps.put("rename a directory over one that is open", w -> w.rename("/o/full", "/o/open", 0));
    steps.put("exchange", w -> w.rename("/o/full", "/base/many", RenameFlags.RENAME_EXCHANGE));
    steps.put("exchange kinds", w -> w.rename("/o/full", "/own", RenameFlags.RENAME_EXCHANGE));
    steps.put("close what has no name", w -> w.close(w.nameless));
  }

  private void contents() {
    steps.put("write over", w -> w.own.pwrite(content('w', 5_000), 0, 5_000, 100));
    steps.put("write over the base", w -> w.shared.pwrite(content('w', 20), 0, 20, 4_090));
    steps.put(
        "write a page of the base", w -> w.shared.pwrite(content('w', 4_096), 0, 4_096, 4_096));
    steps.put("write far behind", w -> w.own.pwrite(content('w', 10), 0, 10, 1L << 40));
    steps.put("write little by little", w -> w.opened.get(4).pwrite(content('w', 70), 0, 70, 0));
    steps.put("cut", w -> w.own.truncate(5_000));
    steps.put("cut to nothing", w -> w.own.truncate(0));
    steps.put("cut the base", w -> w.shared.truncate(5_000));
    steps.put(
        "cut the base by path",
        w -> w.vfs.truncate(w.context, w.vfs.root(), bytes("/shared"), 9_000));
    steps.put("lengthen", w -> w.shared.truncate(1L << 40));
    steps.put("allocate", w -> w.own.allocate(0, 100_000));
    steps.put("allocate in the base", w -> w.shared.allocate(0, 100_000));
    steps.put("punch", w -> w.own.allocate(PUNCH, 100, 9_000));
    steps.put("punch the base", w -> w.shared.allocate(PUNCH, 100, 9_000));
    steps.put("clone over the base", w -> Transfer.cloneFile(w.own, w.shared));
    steps.put("clone the base", w -> Transfer.cloneFile(w.shared, w.own));
    steps.put("read", w -> w.shared.read(new byte[9_000], 0, 9_000));
  }

  private void attributes() {
    steps.put(
        "chmod", w -> w.vfs.changeMode(w.context, w.vfs.root(), bytes("/shared"), 0600, true));
    steps.put(
        "chmod a directory",
        w -> w.vfs.changeMode(w.context, w.vfs.root(), bytes("/o"), 0700, true));
    steps.put("chown", w -> chown(w, "/own", 1001));
    steps.put("chown back", w -> chown(w, "/users", 0));
    steps.put("chown the base", w -> chown(w, "/base/many", 1001));
    steps.put("chown between users", w -> chown(w, "/users", 1002));
    steps.put(
        "utimens",
        w ->
            w.vfs.setTimes(
                w.context, w.vfs.root(), bytes("/shared"), TimeChange.NOW, TimeChange.NOW, true));
    steps.put("setxattr", w -> w.setXattr("/own", "user.new", 1_000));
    steps.put("setxattr over", w -> w.setXattr("/own", "user.own", 1));
    steps.put("setxattr in the base", w -> w.setXattr("/shared", "user.new", 10));
    steps.put(
        "removexattr",
        w -> w.vfs.removeXattr(w.context, w.vfs.root(), bytes("/own"), bytes("user.own"), true));
    steps.put(
        "removexattr in the base",
        w -> w.vfs.removeXattr(w.context, w.vfs.root(), bytes("/shared"), bytes("user.b"), true));
  }

  private void wholes() {
    steps.put(
        "snapshot, then write",
        w -> {
          w.vfs.snapshot();
          w.own.pwrite(content('w', 10), 0, 10, 4_090);
        });
    steps.put("open a FIFO", w -> w.keep("/fifo", OpenFlags.O_RDWR));
    steps.put(
        "pipe",
        w -> {
          var pipe = w.vfs.pipe(w.context, 0);
          w.opened.add(pipe.reader());
          w.opened.add(pipe.writer());
        });
    steps.put("list", w -> w.directory.readDirectory(0, (cookie, ino, type, name) -> true));
    steps.put(
        "walk a link", w -> w.vfs.stat(w.context, w.vfs.root(), bytes("/tobase/many/f3"), true));
  }

  private static void link(World world, String from, String to) throws ErrnoException {
    var root = world.vfs.root();
    world.vfs.link(world.context, root, bytes(from), false, root, bytes(to));
  }

  private static void rmdir(World world, String path) throws ErrnoException {
    world.vfs.removeDirectory(world.context, world.vfs.root(), bytes(path));
  }

  private static void chown(World world, String path, int uid) throws ErrnoException {
    world.vfs.changeOwner(world.context, world.vfs.root(), bytes(path), uid, uid, true);
  }

  private void test(String name, Step step) throws Exception {
    String before = new World().describe();
    var whole = new World();
    whole.later();
    Faults.arm(0);
    step.run(whole);
    long most = Faults.disarm();
    String after = whole.describe();
    String nothing = whole.remains();
    for (long n = 1; n <= most; n++) {
      points++;
      var world = new World();
      world.later();
      boolean failed = fails(step, world, n);
      String what = name + ", point " + n + " of " + most + ": ";
      report(what + "check", "[]", world.vfs.check().toString());
      if (failed) {
        if (!leavesMore(name)) {
          report(what + "a call that failed", before, world.describe());
        }
        step.run(world);
        report(what + "made again", after, world.describe());
      }
      report(what + "remains", nothing, world.remains());
    }
    report(name + ": remains", "{blocks=0, inodes=0}0[]", nothing);
  }

  /**
   * A file that was made, but could not be opened, stays; and so does the first of two pages that
   * were copied to have a hole between them.
   */
  private static boolean leavesMore(String name) {
    return name.startsWith("create") || name.equals("punch the base");
  }

  private static boolean fails(Step step, World world, long n) throws InterruptedException {
    Faults.arm(n);
    try {
      step.run(world);
      return false;
    } catch (ErrnoException | OutOfMemoryError e) {
      return true;
    } catch (IllegalStateException e) {
      if (!Faults.isOfPort(e)) {
        throw e;
      }
      return true;
    } finally {
      Faults.disarm();
    }
  }

  private void report(String what, String expected, String actual) {
    if (!expected.equals(actual)) {
      results.add(what + ": " + World.difference(expected, actual));
    }
  }
}
