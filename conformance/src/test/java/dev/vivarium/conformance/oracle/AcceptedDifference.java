package dev.vivarium.conformance.oracle;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Whence;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The differences from tmpfs that are meant: each with its reason. Where the two trees would not be
 * the same afterwards, the call is left out of the script; else its answers may differ.
 */
enum AcceptedDifference {
  APPENDING_PWRITE("pwrite goes where it is told to, also with O_APPEND, as POSIX has it") {
    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) throws ErrnoException {
      return (operation.call() == Call.PWRITE || operation.call() == Call.PWRITEV)
          && (file(process, operation).flags() & OpenFlags.O_APPEND) != 0;
    }
  },
  REPEATED_ALLOCATION("on tmpfs, what is allocated twice is data, though nothing was written") {
    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) throws ErrnoException {
      return operation.call() == Call.FALLOCATE && hasUnwritten(file(process, operation));
    }
  },
  SET_ID_BY_OPENER("a description knows who opened it, not who writes: set-id bits go by that") {
    private static final Set<Call> WRITING =
        EnumSet.of(
            Call.WRITE, Call.PWRITE, Call.WRITEV, Call.PWRITEV, Call.FTRUNCATE, Call.FALLOCATE);

    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) throws ErrnoException {
      if (!WRITING.contains(operation.call())) {
        return false;
      }
      var file = file(process, operation);
      return hasSetId(file) && !process.context().credentials().equals(world.openers().get(file));
    }
  },
  STICKY_PROTECTION("fs.protected_symlinks, _regular and _fifos are off, as in the kernel") {
    private static final Set<Call> SETTING_MODES =
        EnumSet.of(Call.MKDIRAT, Call.FCHMODAT, Call.FCHMOD);

    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) {
      String arguments = operation.arguments();
      return !world.scenario().protection().stickyDirectoriesAsOurs()
          && SETTING_MODES.contains(operation.call())
          && (Long.decode(arguments.substring(arguments.lastIndexOf(' ') + 1)) & FileMode.S_ISVTX)
              != 0;
    }
  },
  HARD_LINK_PROTECTION("fs.protected_hardlinks is on, as distributions have it") {
    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) {
      return !world.scenario().protection().hardLinksAsOurs()
          && operation.call() == Call.LINKAT
          && !process.context().credentials().isRoot();
    }
  },
  FAILED_WRITES(
      "a write for which there is no room changes nothing, not even times and set-id bits") {
    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) throws ErrnoException {
      return world.scenario().tight()
          && WRITES.contains(operation.call())
          && hasSetId(file(process, operation));
    }

    @Override
    boolean makesTimesDiffer(Operation operation, String answer) {
      return WRITES.contains(operation.call()) && answer.equals("ENOSPC");
    }
  },
  WAITING("nobody would end the wait") {
    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) throws ErrnoException {
      return switch (operation.call()) {
        case READ, READV -> {
          var file = file(process, operation);
          yield blocks(file) && (file.readiness().events() & Readiness.READABLE) == 0;
        }
        case SENDFILE, SPLICE -> movesByBlockingPipe(process, operation);
        // Whether all that is written fits cannot be asked for.
        case WRITE, WRITEV -> blocks(file(process, operation));
        default -> false;
      };
    }
  },
  LAST_PAGE("tmpfs does not find what is in the last page that a file can have") {
    private static final long LAST = Long.MAX_VALUE - 8191;
    private static final long MOST_MOVED = 4097;

    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) throws ErrnoException {
      var a = new Arguments(operation.arguments());
      return switch (operation.call()) {
        case WRITE -> appends(file(process, a), a.number());
        case WRITEV -> appends(file(process, a), VectorCalls.total(a.integer(), a.integer()));
        case PWRITE -> {
          a.integer();
          yield reaches(a.number(), a.number());
        }
        case PWRITEV -> {
          a.integer();
          yield reaches(VectorCalls.total(a.integer(), a.integer()), a.number());
        }
        case SENDFILE -> appends(file(process, a), MOST_MOVED);
        case COPY_FILE_RANGE, SPLICE -> {
          var from = file(process, a);
          a.offset();
          var to = file(process, a);
          long at = a.offset();
          long length = Math.max(MOST_MOVED, from.stat().size());
          yield at == Transfer.OFFSET ? appends(to, length) : reaches(length, at);
        }
        default -> false;
      };
    }

    private static FileDescription file(Process process, Arguments a) throws ErrnoException {
      return process.descriptors().get(a.integer());
    }

    private static boolean appends(FileDescription file, long length) throws ErrnoException {
      return file.type() == FileType.REGULAR
          && reaches(length, Math.max(file.seek(0, Whence.CUR), file.stat().size()));
    }

    private static boolean reaches(long length, long at) {
      return at > LAST - length;
    }
  },
  DEVICES("the tmpfs is mounted without devices, so that none of the host is opened") {
    @Override
    boolean maySay(Scenario scenario, Operation operation, String ours, String linux) {
      return operation.call() == Call.OPENAT
          && linux.equals("EACCES")
          && (ours.equals("ENXIO") || ours.equals("EPERM"));
    }
  },
  LONG_LINKS("tmpfs gives a long link's text a page, and a short one's nothing") {
    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) {
      return world.scenario().tight()
          && operation.call() == Call.SYMLINKAT
          && new Arguments(operation.arguments()).string().length >= 128;
    }

    @Override
    boolean maySay(Scenario scenario, Operation operation, String ours, String linux) {
      return !scenario.tight()
          && (operation.call() == Call.STATFS || operation.call() == Call.FSTATFS)
          && ours.replaceFirst("free=\\d+", "").equals(linux.replaceFirst("free=\\d+", ""));
    }
  },
  KEPT_DIRECTORIES("on Linux a file that is open keeps the removed directory that it was in") {
    @Override
    boolean maySay(Scenario scenario, Operation operation, String ours, String linux) {
      boolean tells = operation.call() == Call.STATFS || operation.call() == Call.FSTATFS;
      return tells
          && ours.contains("free=")
          && linux.contains("free=")
          && Long.parseLong(ours.substring(ours.lastIndexOf('=') + 1))
              > Long.parseLong(linux.substring(linux.lastIndexOf('=') + 1))
          && ours.substring(0, ours.lastIndexOf('='))
              .equals(linux.substring(0, linux.lastIndexOf('=')));
    }
  },
  ATTRIBUTE_ROOM("tmpfs counts what attributes take as inodes, ours as the bytes that they are") {
    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) {
      return world.scenario().tight()
          && (operation.call() == Call.SETXATTR || operation.call() == Call.FSETXATTR);
    }

    @Override
    boolean maySay(Scenario scenario, Operation operation, String ours, String linux) {
      boolean tells = operation.call() == Call.STATFS || operation.call() == Call.FSTATFS;
      return tells
          && !scenario.tight()
          && ours.contains("free=")
          && linux.contains("free=")
          && Long.parseLong(ours.substring(ours.lastIndexOf('=') + 1))
              > Long.parseLong(linux.substring(linux.lastIndexOf('=') + 1))
          && ours.replaceAll("free=\\d+", "").equals(linux.replaceAll("free=\\d+", ""));
    }
  },
  SENDING_DIRECTORIES(
      "to send a directory is no access, though an error, but on Linux it is both") {
    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) throws ErrnoException {
      if (operation.call() != Call.SENDFILE) {
        return false;
      }
      var arguments = new Arguments(operation.arguments());
      arguments.integer();
      return process.descriptors().get(arguments.integer()).type() == FileType.DIRECTORY;
    }
  },
  SENDING_TO_ITSELF("within one file, Linux sends pages that it overwrites meanwhile") {
    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) throws ErrnoException {
      if (operation.call() != Call.SENDFILE) {
        return false;
      }
      var arguments = new Arguments(operation.arguments());
      var out = process.descriptors().get(arguments.integer()).stat();
      var in = process.descriptors().get(arguments.integer()).stat();
      return out.ino() == in.ino() && out.dev() == in.dev();
    }
  },
  DESCRIPTOR_FIRST("WASI looks at a descriptor before the other arguments") {
    private static final Set<String> NUMBERS = Set.of("EINVAL", "ERANGE", "E2BIG");

    @Override
    boolean maySay(Scenario scenario, Operation operation, String ours, String linux) {
      boolean leavesTimesAlone =
          operation.call() == Call.FUTIMENS && operation.arguments().endsWith(" omit omit");
      return ours.equals("EBADF")
          && operation.call().takes(Parameter.FD)
          && (NUMBERS.contains(linux)
              || (linux.equals("ESPIPE") && operation.call() == Call.SENDFILE)
              || (linux.equals("0") && leavesTimesAlone));
    }
  },
  ENTRIES_AGAIN("when the entry that comes next is removed, tmpfs goes back, and repeats some") {
    @Override
    boolean maySay(Scenario scenario, Operation operation, String ours, String linux) {
      if (operation.call() != Call.SCAN) {
        return false;
      }
      int names = linux.indexOf('"');
      var once = String.join(" ", new LinkedHashSet<>(List.of(linux.substring(names).split(" "))));
      return ours.equals(linux.substring(0, names) + once);
    }
  },
  DIRECTORY_OFFSETS("what the offset in a directory means is the filesystem's own business") {
    private static final Set<Call> RELATIVE = EnumSet.of(Call.LSEEK, Call.SETLK, Call.GETLK);

    @Override
    boolean wouldDiffer(World world, Process process, Operation operation) throws ErrnoException {
      return RELATIVE.contains(operation.call())
          && (operation.arguments() + " ").contains(" CUR ")
          && file(process, operation).type() == FileType.DIRECTORY;
    }
  };

  private static final Set<Call> WRITES =
      EnumSet.of(Call.WRITE, Call.PWRITE, Call.WRITEV, Call.PWRITEV);

  private final String reason;

  AcceptedDifference(String reason) {
    this.reason = reason;
  }

  /** A line for each of them. */
  static String reasons() {
    return Arrays.stream(values())
        .map(each -> each + ": " + each.reason)
        .collect(Collectors.joining("\n"));
  }

  /** Whether a call is left out, in the state in which our side is now. */
  static boolean leavesOut(World world, Operation operation) {
    for (var each : values()) {
      try {
        if (each.wouldDiffer(world, world.process(operation), operation)) {
          return true;
        }
      } catch (ErrnoException e) {
        // No such descriptor: the call fails on both sides.
      }
    }
    return false;
  }

  /** Whether two answers to a call may be what they are. */
  static boolean allows(Scenario scenario, Operation operation, String ours, String linux) {
    for (var each : values()) {
      if (each.maySay(scenario, operation, ours, linux)) {
        return true;
      }
    }
    return false;
  }

  /** Whether times cannot be compared any more after a call that was answered so. */
  static boolean spoilsTimes(Operation operation, String answer) {
    for (var each : values()) {
      if (each.makesTimesDiffer(operation, answer)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a call would leave different trees, in the state in which our side is now. */
  boolean wouldDiffer(World world, Process process, Operation operation) throws ErrnoException {
    return false;
  }

  /** Whether two answers may differ so, and no more than the answers. */
  boolean maySay(Scenario scenario, Operation operation, String ours, String linux) {
    return false;
  }

  /** Whether a call that is answered so leaves trees that differ in times only. */
  boolean makesTimesDiffer(Operation operation, String answer) {
    return false;
  }

  private static boolean hasSetId(FileDescription file) throws ErrnoException {
    return (file.stat().mode() & (FileMode.S_ISUID | FileMode.S_ISGID)) != 0;
  }

  /** What a call's first argument refers to. */
  private static FileDescription file(Process process, Operation operation) throws ErrnoException {
    return process.descriptors().get(new Arguments(operation.arguments()).integer());
  }

  private static boolean blocks(FileDescription file) {
    return file.type() == FileType.FIFO && !file.nonBlocking();
  }

  private static boolean movesByBlockingPipe(Process process, Operation operation)
      throws ErrnoException {
    var arguments = new Arguments(operation.arguments());
    int first = arguments.integer();
    if (operation.call() == Call.SPLICE) {
      arguments.offset();
    }
    return blocks(process.descriptors().get(first))
        || blocks(process.descriptors().get(arguments.integer()));
  }

  /** Whether a file has pages that were allocated and not written yet. */
  private static boolean hasUnwritten(FileDescription file) throws ErrnoException {
    if (file.type() != FileType.REGULAR || !file.writable()) {
      return false;
    }
    Stat stat = file.stat();
    long before = file.seek(0, Whence.CUR);
    long pages = 0;
    try {
      for (long hole = 0; hole < stat.size(); ) {
        long data = file.seek(hole, Whence.DATA);
        hole = file.seek(data, Whence.HOLE);
        pages += (hole + 4095) / 4096 - data / 4096;
      }
    } catch (ErrnoException noMoreData) {
      // All has been counted.
    } finally {
      file.seek(before, Whence.SET);
    }
    return stat.blocks() > 8 * pages;
  }
}
