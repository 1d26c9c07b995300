package dev.vivarium.conformance.oracle;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.LockRequest;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.RecordLock;
import dev.vivarium.vfs.posix.Statx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Locks, transfers, and what else there is to know of and to do with descriptors. */
final class DescriptorCalls {
  private static final String DONE = "0";
  private static final int FD_CLOEXEC = 1;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_BTIME = 0x800;

  private DescriptorCalls() {}

  static String duplicateCloseOnExec(World world, Process process, Arguments a)
      throws ErrnoException {
    return String.valueOf(process.descriptors().duplicate(a.integer(), a.integer(), true));
  }

  static String duplicateTo(World world, Process process, Arguments a) throws ErrnoException {
    int from = a.integer();
    int to = a.integer();
    process.descriptors().duplicateTo(from, to, a.flags());
    return String.valueOf(to);
  }

  static String descriptorFlags(World world, Process process, Arguments a) throws ErrnoException {
    return process.descriptors().closeOnExec(a.integer()) ? "1" : "0";
  }

  static String setDescriptorFlags(World world, Process process, Arguments a)
      throws ErrnoException {
    process.descriptors().setCloseOnExec(a.integer(), (a.integer() & FD_CLOEXEC) != 0);
    return DONE;
  }

  static String linkOpen(World world, Process process, Arguments a) throws ErrnoException {
    process.link(a.integer(), a.integer(), a.string());
    return DONE;
  }

  static String linkByProc(World world, Process process, Arguments a) throws ErrnoException {
    byte[] descriptor = ("self/fd/" + a.integer()).getBytes(ISO_8859_1);
    var context = process.context();
    world
        .vfs()
        .link(context, world.proc(), descriptor, true, context.workingDirectory(), a.string());
    return DONE;
  }

  /**
   * Reads so many entries of a directory, makes one and removes another, and reads on; and once
   * more from there. In what order they come, and whether those two do, is the filesystem's own
   * business; all others come once.
   */
  static String scan(World world, Process process, Arguments a) throws ErrnoException {
    int fd = a.integer();
    var directory = process.descriptors().get(fd);
    int first = a.integer();
    byte[] made = a.string();
    byte[] removed = a.string();
    var names = new ArrayList<String>();
    long from = read(directory, 0, first, names);
    String changes =
        result(() -> process.makeNode(fd, made, 0100644, 0))
            + " "
            + result(() -> process.unlink(fd, removed));
    var rest = new ArrayList<String>();
    read(directory, from, Integer.MAX_VALUE, rest);
    var again = new ArrayList<String>();
    read(directory, from, Integer.MAX_VALUE, again);
    boolean same = rest.equals(again);
    names.addAll(rest);
    names.removeAll(List.of(new String(made, ISO_8859_1), new String(removed, ISO_8859_1)));
    Collections.sort(names);
    names.replaceAll(name -> Text.quote(name.getBytes(ISO_8859_1)));
    return changes + (same ? " same " : " other ") + String.join(" ", names);
  }

  private static long read(FileDescription directory, long from, int most, List<String> names)
      throws ErrnoException {
    long[] last = {from};
    int end = names.size() + Math.min(most, Integer.MAX_VALUE - names.size());
    directory.readDirectory(
        from,
        (cookie, ino, type, name) -> {
          if (names.size() == end) {
            return false;
          }
          names.add(new String(name, ISO_8859_1));
          last[0] = cookie;
          return true;
        });
    return last[0];
  }

  private interface Action {
    void run() throws ErrnoException;
  }

  private static String result(Action action) {
    try {
      action.run();
      return DONE;
    } catch (ErrnoException e) {
      return e.errno().name();
    }
  }

  static String statx(World world, Process process, Arguments a) throws ErrnoException {
    Statx all = process.statx(a.integer(), a.string(), a.truth());
    int mask = STATX_BASIC_STATS | (all.birthTime().isPresent() ? STATX_BTIME : 0);
    return "%s mask=%x btime=%d root=%d"
        .formatted(Text.of(all.basic()), mask, all.birthTime().orElse(0), all.mountRoot() ? 1 : 0);
  }

  static String access(World world, Process process, Arguments a) throws ErrnoException {
    process.access(a.integer(), a.string(), a.integer(), a.integer());
    return DONE;
  }

  static String setLock(World world, Process process, Arguments a)
      throws ErrnoException, InterruptedException {
    int fd = a.integer();
    var request = request(a);
    if (a.truth()) {
      process.descriptors().get(fd).setRecordLock(request, false);
    } else {
      process.setLock(fd, request, false);
    }
    return DONE;
  }

  static String getLock(World world, Process process, Arguments a) throws ErrnoException {
    int fd = a.integer();
    var request = request(a);
    var descriptors = process.descriptors();
    RecordLock found =
        a.truth() ? descriptors.get(fd).getRecordLock(request) : descriptors.getLock(fd, request);
    return found.type() == LockType.NONE
        ? "NONE"
        : "%s %d+%d pid=%d".formatted(found.type(), found.start(), found.length(), found.pid());
  }

  private static LockRequest request(Arguments a) {
    return new LockRequest(a.lockType(), a.whence(), a.number(), a.number());
  }

  static String lock(World world, Process process, Arguments a)
      throws ErrnoException, InterruptedException {
    process.descriptors().get(a.integer()).lock(a.lockType(), false);
    return DONE;
  }

  static String copyRange(World world, Process process, Arguments a) throws ErrnoException {
    return String.valueOf(
        process.copyFileRange(
            a.integer(), a.offset(), a.integer(), a.offset(), a.number(), a.integer()));
  }

  static String sendFile(World world, Process process, Arguments a)
      throws ErrnoException, InterruptedException {
    return String.valueOf(process.sendFile(a.integer(), a.integer(), a.offset(), a.number()));
  }

  static String splice(World world, Process process, Arguments a)
      throws ErrnoException, InterruptedException {
    return String.valueOf(
        process.splice(a.integer(), a.offset(), a.integer(), a.offset(), a.number(), a.integer()));
  }
}
