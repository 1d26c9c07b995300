package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.MemoryFileSystem;
import dev.vivarium.vfs.mount.MemoryLimits;
import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.OpenFiles;
import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.tree.Ledger;
import dev.vivarium.vfs.tree.Tree;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;

/** Makes filesystems of device nodes, with the device numbers of Linux. */
final class DeviceNumbers {
  private static final Map<String, Integer> KNOWN =
      Map.of(
          "null", number(1, 3),
          "zero", number(1, 5),
          "full", number(1, 7),
          "random", number(1, 8),
          "urandom", number(1, 9),
          "tty", number(5, 0),
          "console", number(5, 1));

  // A major number for local use.
  private static final int OTHERS = 240;

  private DeviceNumbers() {}

  /**
   * A filesystem with a node for each device. The nodes cost nothing; what is added later is
   * charged.
   *
   * @param byNumber all devices of the tree, which those are added to
   */
  static MemoryFileSystem fileSystem(
      Map<String, Device> devices,
      Map<Long, Device> byNumber,
      long device,
      MemoryLimits limits,
      OpenFiles pipes,
      Ledger ledger,
      InstantSource clock,
      AccessTimes accessTimes,
      Object lock)
      throws ErrnoException {
    var made = new Tree(null, Ledger.unlimited(), clock, accessTimes, lock);
    int others = 0;
    for (var each : devices.entrySet()) {
      Integer known = KNOWN.get(each.getKey());
      while (known == null && byNumber.containsKey((long) number(OTHERS, others))) {
        others++;
      }
      long rdev = known != null ? known : number(OTHERS, others);
      int mode = FileType.CHARACTER_DEVICE.bits() | 0666;
      made.createSpecial(
          Tree.ROOT, each.getKey().getBytes(StandardCharsets.UTF_8), mode, rdev, 0, 0);
      byNumber.put(rdev, each.getValue());
    }
    var tree = new Tree(made.freeze(), ledger, clock, accessTimes, lock);
    return new MemoryFileSystem(tree, device, limits, byNumber, pipes);
  }

  /** {@code makedev(3)} for small numbers. */
  private static int number(int major, int minor) {
    return (major << 8) | (minor & 0xFF) | ((minor & ~0xFF) << 12);
  }
}
