package dev.vivarium.conformance.hostile;

import static dev.vivarium.conformance.hostile.Calls.CREAT;
import static dev.vivarium.conformance.hostile.Calls.DATA;
import static dev.vivarium.conformance.hostile.Calls.DIRECTORY;
import static dev.vivarium.conformance.hostile.Calls.EXCL;
import static dev.vivarium.conformance.hostile.Calls.LIST;
import static dev.vivarium.conformance.hostile.Calls.RESULT;
import static dev.vivarium.conformance.hostile.Calls.ROOT;
import static dev.vivarium.conformance.hostile.Calls.TRUNC;

import dev.vivarium.Outcome.Reason;
import dev.vivarium.wasi.abi.Rights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Attacks that take more than one call, by their names. */
final class Attacks {
  private static final int EXHAUSTING = 100_000;
  private static final int MEGABYTE = 1 << 20;

  private static final List<String> LINKS =
      List.of(
          "a",
          "d",
          "toa",
          "tod",
          "todslash",
          "up",
          "abs",
          "dangling",
          "inself",
          "loop1",
          "out",
          "toro",
          "toromem",
          "ladder44",
          "tower2",
          "tower44",
          "ro/out",
          "ro/up",
          "ro/abs",
          "rw/out",
          "rw/up",
          "rw/abs",
          "rw/tod",
          "proc/self/root",
          "proc/self/cwd",
          "proc/self/fd/3",
          "ro/d/..",
          "rw/d/../..");

  private static final List<String> PREFIXES = List.of("", "/", "./", "d/../", "up/", "tod/../");

  private static final List<String> SUFFIXES =
      List.of("", "/", "//", "/.", "/..", "/../", "/../secret", "/../../secret", "/secret", "/new");

  private static final List<String> READ_ONLY = List.of("ro", "mem", "zip");

  static final Map<String, Attack> ALL = new LinkedHashMap<>();

  /** Those that begin with a call that preview1 does not have. */
  static final Set<String> NEED_WASIX = Set.of("wait", "descriptors", "pipes");

  static {
    ALL.put("spin", Attack.ending(Reason.TIMED_OUT, (g, r) -> g.instance().call("spin")));
    ALL.put("fall", Attack.ending(Reason.TRAPPED, (g, r) -> g.instance().call("fall")));
    ALL.put("wait", Attack.ending(Reason.TIMED_OUT, (g, r) -> waitForEver(g)));
    ALL.put("exit-in-the-depth", (g, r) -> exitInTheDepth(g));
    ALL.put("descriptors", (g, r) -> useUpDescriptors(new Calls(g)));
    ALL.put("renumber", (g, r) -> renumberInEveryOrder(new Calls(g)));
    ALL.put("inodes", (g, r) -> useUpInodes(new Calls(g)));
    ALL.put("bytes", (g, r) -> useUpBytes(new Calls(g)));
    ALL.put("sparse", (g, r) -> writeFarApart(new Calls(g)));
    ALL.put("depth", (g, r) -> nestDirectories(new Calls(g)));
    ALL.put("links", (g, r) -> followEveryLink(new Calls(g)));
    ALL.put("read-only", (g, r) -> changeWhatIsReadOnly(new Calls(g)));
    ALL.put("changing-directory", (g, r) -> changeWhileReading(new Calls(g)));
    ALL.put("subscriptions", (g, r) -> pollForThousands(g));
    ALL.put("vectors", (g, r) -> transferTheSameAgainAndAgain(new Calls(g)));
    ALL.put("memory", (g, r) -> growAndPointBehind(g));
    ALL.put("pipes", (g, r) -> useUpPipes(new Calls(g)));
  }

  private Attacks() {}

  private static void waitForEver(Guest guest) {
    guest.instance().call(guest.function("fd_pipe").id(), RESULT, RESULT + 4);
    int reader = guest.memory().readInt(RESULT);
    guest.memory().writeLong(LIST, 7);
    guest.memory().writeInt(LIST + 8, 1);
    guest.memory().writeInt(LIST + 16, reader);
    guest.instance().call(guest.function("poll_oneoff").id(), LIST, DATA, 1, RESULT);
  }

  private static void exitInTheDepth(Guest guest) {
    guest.instance().call(Forwarder.diving(guest.function("proc_exit")), 7, 1_000);
  }

  private static void useUpDescriptors(Calls calls) {
    for (int i = 0; i < EXHAUSTING && calls.open(ROOT, "a", 0).equals("SUCCESS"); i++) {
      calls.guest.call("fd_dup", calls.result(), RESULT);
    }
    for (int fd = 100; fd >= 0; fd--) {
      if (fd != ROOT) {
        calls.close(fd);
      }
    }
    calls.open(ROOT, "a", 0);
  }

  private static void renumberInEveryOrder(Calls calls) {
    int[] fds = {-1, 0, 1, 2, 3, 4, 5, 6, 63, 64, Integer.MAX_VALUE, Integer.MIN_VALUE};
    for (int from : fds) {
      for (int to : fds) {
        calls.open(ROOT, "d", 0);
        calls.guest.call("fd_renumber", from, to);
        calls.guest.call("fd_prestat_get", to, RESULT);
        calls.guest.call("fd_fdstat_get", from, RESULT);
        calls.guest.call("fd_readdir", to, DATA, 1_000, 0, RESULT);
        calls.close(from == ROOT ? to : from);
      }
    }
  }

  private static void useUpInodes(Calls calls) {
    int made = 0;
    while (made < EXHAUSTING && calls.open(ROOT, "n" + made, CREAT | EXCL).equals("SUCCESS")) {
      calls.close(calls.result());
      calls.link("n" + made, false, "l" + made);
      calls.symlink("x".repeat(made % 4_000), "s" + made);
      made++;
    }
    for (int i = 0; i < made; i += 2) {
      calls.path("path_unlink_file", ROOT, "n" + i);
      calls.path("path_unlink_file", ROOT, "s" + i);
    }
    calls.path("path_create_directory", ROOT, "after");
  }

  private static void useUpBytes(Calls calls) {
    calls.guest.instance().call("grow", 2 * MEGABYTE / Forwarder.PAGE);
    for (int i = 0; i < 64; i++) {
      calls.open(ROOT, "big" + i, CREAT);
      int fd = calls.result();
      for (int n = 0; n < 100 && calls.write(fd, MEGABYTE).equals("SUCCESS"); n++) {
        calls.guest.call("fd_sync", fd);
      }
      calls.guest.call("fd_allocate", fd, 0, 1L << 60);
      calls.guest.call("fd_filestat_set_size", fd, i * 1_000L);
      calls.close(fd);
    }
  }

  private static void writeFarApart(Calls calls) {
    calls.open(ROOT, "sparse", CREAT);
    int fd = calls.result();
    for (long size : new long[] {1L << 40, 1L << 62, Long.MAX_VALUE, -1, 1L << 43}) {
      calls.guest.call("fd_filestat_set_size", fd, size);
      calls.readAt(fd, 60_000, size - 30_000);
    }
    for (long at = 1; at > 0 && calls.writeAt(fd, 10, at).equals("SUCCESS"); at <<= 1) {
      calls.writeAt(fd, 10, -at);
    }
    for (long at = 0; at < 1L << 43 && calls.writeAt(fd, 1, at).equals("SUCCESS"); ) {
      at += 1L << 30;
    }
    calls.guest.call("fd_seek", fd, Long.MAX_VALUE, 1, RESULT);
    calls.guest.call("fd_seek", fd, Long.MIN_VALUE, 2, RESULT);
    calls.write(fd, 10);
    calls.guest.call("fd_allocate", fd, Long.MAX_VALUE - 1, 10);
    calls.guest.call("fd_filestat_set_size", fd, 0);
  }

  /** And away with the tree below a moved directory, as the run ends. */
  private static void nestDirectories(Calls calls) {
    calls.path("path_create_directory", ROOT, "deep");
    calls.open(ROOT, "deep", DIRECTORY);
    int at = calls.result();
    for (int i = 0; i < EXHAUSTING; i++) {
      if (!calls.path("path_create_directory", at, "d").equals("SUCCESS")
          || !calls.open(at, "d", DIRECTORY).equals("SUCCESS")) {
        break;
      }
      int below = calls.result();
      calls.close(at);
      at = below;
    }
    calls.open(at, "../../../../../d/d/d/new", CREAT);
    calls.rename(ROOT, "deep", at, "inside-itself");
    calls.rename(ROOT, "deep", ROOT, "deeper");
    calls.rename(at, "..", ROOT, "d/moved");
    calls.changeDirectory("deeper/d/d");
    calls.guest.call("fd_readdir", at, DATA, 5_000, 0, RESULT);
  }

  private static void followEveryLink(Calls calls) {
    for (var prefix : PREFIXES) {
      for (var link : LINKS) {
        for (var suffix : SUFFIXES) {
          lookAt(calls, prefix + link + suffix);
        }
      }
    }
    for (var link : LINKS) {
      for (var suffix : SUFFIXES) {
        change(calls, link + suffix);
      }
    }
  }

  private static void lookAt(Calls calls, String path) {
    calls.stat(path, true);
    calls.stat(path, false);
    calls.readLink(path);
    if (calls.open(ROOT, path, 0).equals("SUCCESS")) {
      int fd = calls.result();
      calls.readAt(fd, 1_000, 0);
      calls.guest.call("fd_readdir", fd, DATA, 5_000, 0, RESULT);
      calls.open(fd, "../secret", 0);
      calls.close(fd);
    }
  }

  private static void change(Calls calls, String path) {
    for (int oflags : new int[] {CREAT, CREAT | EXCL, TRUNC, CREAT | DIRECTORY}) {
      if (calls.open(ROOT, path, oflags).equals("SUCCESS")) {
        calls.close(calls.result());
      }
    }
    calls.setTimes(path, true);
    calls.setTimes(path, false);
    calls.link(path, true, "linked");
    calls.link("a", false, path);
    calls.path("path_unlink_file", ROOT, "linked");
    calls.symlink("../secret", path);
    calls.path("path_create_directory", ROOT, path);
    calls.rename(ROOT, path, ROOT, "renamed");
    calls.rename(ROOT, "renamed", ROOT, path);
    calls.rename(ROOT, "a", ROOT, path);
    calls.path("path_unlink_file", ROOT, path);
    calls.path("path_remove_directory", ROOT, path);
    calls.changeDirectory(path);
    calls.changeDirectory("/");
  }

  private static void changeWhatIsReadOnly(Calls calls) {
    for (var mount : READ_ONLY) {
      for (var name :
          List.of("", "/a", "/d", "/d/f3", "/d/new", "/tod/f3", "/d/../a", "/up/mem/a")) {
        String path = mount + name;
        change(calls, path);
        calls.rename(ROOT, path, ROOT, "rw/stolen");
        calls.link(path, false, "rw/stolen");
        for (var other : READ_ONLY) {
          calls.rename(ROOT, path, ROOT, other + "/moved");
          calls.link(path, false, other + "/linked");
        }
        for (long rights : new long[] {Rights.ALL, Rights.FD_READ, Rights.FD_WRITE, 0}) {
          for (int oflags = 0; oflags < 16; oflags++) {
            if (calls.open(ROOT, path, oflags, rights).equals("SUCCESS")) {
              changeByDescriptor(calls, calls.result());
            }
          }
        }
      }
    }
  }

  private static void changeByDescriptor(Calls calls, int fd) {
    calls.guest.call("fd_fdstat_set_rights", fd, -1, -1);
    calls.write(fd, 10);
    calls.writeAt(fd, 10, 0);
    calls.guest.call("fd_filestat_set_size", fd, 0);
    calls.guest.call("fd_allocate", fd, 0, 10_000);
    calls.guest.call("fd_filestat_set_times", fd, 5, 5, 1 | 4);
    calls.guest.call("fd_fdstat_set_flags", fd, 1);
    calls.open(fd, "new", CREAT);
    calls.path("path_create_directory", fd, "new");
    calls.close(fd);
  }

  private static void changeWhileReading(Calls calls) {
    calls.open(ROOT, "d", DIRECTORY);
    int fd = calls.result();
    long cookie = 0;
    for (int i = 0; i < 500; i++) {
      calls.guest.call("fd_readdir", fd, DATA, 30 + i % 90, cookie, RESULT);
      long next = calls.guest.memory().readLong(DATA);
      cookie = i % 50 == 49 ? -i : i % 20 == 19 ? 0 : next;
      calls.open(fd, "made" + i, CREAT);
      calls.close(calls.result());
      calls.rename(fd, "made" + i, fd, "moved" + i);
      calls.path("path_unlink_file", fd, "moved" + (i - 7));
    }
    for (long any : new long[] {-1, 1, 2, 3, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32}) {
      calls.guest.call("fd_readdir", fd, DATA, 60_000, any, RESULT);
    }
    calls.rename(ROOT, "d", ROOT, "gone");
    for (int i = 0; i < 500; i++) {
      calls.path("path_unlink_file", fd, "moved" + i);
    }
    calls.path("path_remove_directory", ROOT, "gone");
    calls.guest.call("fd_readdir", fd, DATA, 60_000, cookie, RESULT);
  }

  private static void pollForThousands(Guest guest) {
    guest.instance().call("grow", 6 * MEGABYTE / Forwarder.PAGE);
    int most = 65_536;
    for (int count : new int[] {0, 1, 1_000, most, most + 1, -1}) {
      for (int i = 0; i < Math.min(most, Math.abs(count)); i++) {
        int at = 0x4_0000 + 48 * i;
        guest.memory().writeByte(at + 8, (byte) (i % 4));
        guest.memory().writeInt(at + 16, i % 7);
        guest.memory().writeLong(at + 24, i % 3 == 0 ? -1 : Long.MAX_VALUE - i);
      }
      guest.call("poll_oneoff", 0x4_0000, 0x4_0000, count, RESULT);
    }
  }

  private static void transferTheSameAgainAndAgain(Calls calls) {
    for (int i = 0; i < 1_025; i++) {
      calls.guest.memory().writeInt(LIST + 8 * i, 0);
      calls.guest.memory().writeInt(LIST + 8 * i + 4, Forwarder.PAGES * Forwarder.PAGE);
    }
    for (var device : List.of("dev/zero", "dev/null", "dev/full", "dev/urandom", "a", "new")) {
      calls.open(ROOT, device, CREAT);
      int fd = calls.result();
      for (int count : new int[] {8, 1_024, 1_025, Integer.MAX_VALUE, -1}) {
        calls.guest.call("fd_write", fd, LIST, count, RESULT);
        calls.guest.call("fd_pwrite", fd, LIST, count, Long.MAX_VALUE - 10, RESULT);
      }
      calls.close(fd);
    }
    calls.guest.call("random_get", 0, Forwarder.PAGES * Forwarder.PAGE);
  }

  private static void growAndPointBehind(Guest guest) {
    for (int pages : new int[] {1, 0, 65_535, -1, 10}) {
      guest.instance().call("grow", pages);
      int end = (int) guest.memory().size();
      for (int at : new int[] {end - 8, end - 7, end, end + 1, -8, -1}) {
        guest.call("clock_time_get", 0, 0, at);
        guest.call("args_get", at, at);
        guest.call("random_get", at, 9);
        guest.call("fd_prestat_dir_name", ROOT, at, -1);
      }
    }
    for (int i = 0; i < EXHAUSTING && guest.instance().call("grow", 1)[0] >= 0; i++) {
      guest.call("random_get", (int) guest.memory().size() - 1, 1);
    }
  }

  private static void useUpPipes(Calls calls) {
    var writers = new ArrayList<Integer>();
    for (int i = 0; i < EXHAUSTING; i++) {
      if (!calls.guest.call("fd_pipe", RESULT, RESULT + 4).equals("SUCCESS")) {
        break;
      }
      writers.add(calls.guest.memory().readInt(RESULT + 4));
    }
    for (int fd : writers) {
      calls.guest.call("fd_fdstat_set_flags", fd, 4);
      calls.write(fd, 100_000);
      calls.write(fd, 100_000);
      calls.guest.call("fd_seek", fd, 0, 0, RESULT);
    }
  }
}
