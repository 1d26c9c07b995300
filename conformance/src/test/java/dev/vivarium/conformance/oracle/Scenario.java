package dev.vivarium.conformance.oracle;

import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.FileMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a sequence of calls starts from: an empty filesystem with limits, and some processes at its
 * root.
 *
 * @param pages the limit on content, in pages of 4,096 bytes
 * @param inodes the limit on inodes, the root among them
 * @param rootMode permissions of the root directory, which is root's
 * @param protection what Linux protects
 */
record Scenario(
    int pages, int inodes, int rootMode, List<Process> processes, Protection protection) {
  private static final int ROOMY_PAGES = 16384;
  private static final int[] ROOT_MODES = {0777, 0777, 01777, 01777, 02777, 0755};
  private static final int[] UIDS = {0, 1000, 1000, 1001, 1002};
  private static final int[] GIDS = {0, 100, 100, 200, 300};

  /** One of the processes. */
  record Process(int uid, int gid, List<Integer> groups) {
    Credentials credentials() {
      return new Credentials(uid, gid, groups.stream().mapToInt(g -> g).toArray());
    }

    @Override
    public String toString() {
      String list = String.join(",", groups.stream().map(String::valueOf).toList());
      return uid + " " + gid + " " + (list.isEmpty() ? "-" : list);
    }
  }

  /** One of those that programs run in: mostly with room, sometimes with next to none. */
  static Scenario random(Random random, Protection protection) {
    boolean tight = random.nextInt(4) == 0;
    int pages = tight ? 2 + random.nextInt(30) : ROOMY_PAGES;
    int inodes = tight ? 3 + random.nextInt(20) : 10_000;
    int rootMode = ROOT_MODES[random.nextInt(ROOT_MODES.length)];
    if (!protection.stickyDirectoriesAsOurs()) {
      rootMode &= ~FileMode.S_ISVTX;
    }
    var root = new Process(0, 0, List.of());
    var processes = new ArrayList<Process>();
    processes.add(random.nextInt(4) == 0 ? someone(random) : root);
    while (processes.size() < 4) {
      processes.add(someone(random));
    }
    return new Scenario(pages, inodes, rootMode, List.copyOf(processes), protection);
  }

  private static Process someone(Random random) {
    int uid = UIDS[random.nextInt(UIDS.length)];
    int gid = GIDS[random.nextInt(GIDS.length)];
    return new Process(
        uid, gid, random.ints(random.nextInt(3), 1, 4).map(i -> 100 * i).boxed().toList());
  }

  boolean tight() {
    return pages < ROOMY_PAGES;
  }

  /** The lines that a script starts with. */
  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add("tmpfs " + pages + " " + inodes + " 0" + Integer.toOctalString(rootMode));
    processes.forEach(process -> lines.add("process " + process));
    return lines;
  }
}
