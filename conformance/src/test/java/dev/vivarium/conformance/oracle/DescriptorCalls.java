package dev.vivarium.conformance.oracle;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.LockRequest;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.RecordLock;
import dev.vivarium.vfs.posix.Statx;

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
