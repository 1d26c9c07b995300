package dev.vivarium.vfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.tree.Creation;
import dev.vivarium.vfs.tree.Ledger;
import dev.vivarium.vfs.tree.PathEpoch;
import dev.vivarium.vfs.tree.Tree;
import dev.vivarium.vfs.tree.TreeState;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes what is in {@code /dev}, with the device numbers and the links of Linux. */
final class DeviceNodes {
  private static final String TTY = "tty";

  private static final Map<String, Integer> KNOWN =
      Map.of(
          "null",
          number(1, 3),
          "zero",
          number(1, 5),
          "full",
          number(1, 7),
          "random",
          number(1, 8),
          "urandom",
          number(1, 9),
          TTY,
          number(5, 0),
          "console",
          number(5, 1));

  // A major number for local use.
  private static final int OTHERS = 240;

  private static final Map<String, String> LINKS = new LinkedHashMap<>();

  static {
    LINKS.put("fd", "/proc/self/fd");
    LINKS.put("stdin", "/proc/self/fd/0");
    LINKS.put("stdout", "/proc/self/fd/1");
    LINKS.put("stderr", "/proc/self/fd/2");
  }

  private DeviceNodes() {}

  /**
   * A tree with a node for each device. What is in it costs nothing; what is added later is
   * charged.
   *
   * @param byNumber all devices of the tree, which those are added to
   */
  static TreeState make(
      Map<String, Device> devices, Map<Long, Device> byNumber, InstantSource clock, Object lock)
      throws ErrnoException {
    // Nobody has a path into it yet.
    var tree = new Tree(null, Ledger.unlimited(), clock, AccessTimes.NONE, lock, new PathEpoch());
    var made = new Creation(tree);
    int others = 0;
    for (var each : devices.entrySet()) {
      Integer known = KNOWN.get(each.getKey());
      while (known == null && byNumber.containsKey((long) number(OTHERS, others))) {
        others++;
      }
      long rdev = known != null ? known : number(OTHERS, others);
      node(made, each.getKey(), rdev);
      byNumber.put(rdev, each.getValue());
    }
    if (!devices.containsKey(TTY)) {
      node(made, TTY, KNOWN.get(TTY));
    }
    for (var link : LINKS.entrySet()) {
      made.symlink(Tree.ROOT, link.getKey().getBytes(UTF_8), link.getValue().getBytes(UTF_8), 0, 0);
    }
    made.directory(Tree.ROOT, "shm".getBytes(UTF_8), 01777, 0, 0);
    return tree.freeze();
  }

  private static void node(Creation made, String name, long rdev) throws ErrnoException {
    int mode = FileType.CHARACTER_DEVICE.bits() | 0666;
    made.special(Tree.ROOT, name.getBytes(UTF_8), mode, rdev, 0, 0);
  }

  /** {@code makedev(3)} for small numbers. */
  private static int number(int major, int minor) {
    return (major << 8) | (minor & 0xFF) | ((minor & ~0xFF) << 12);
  }
}
