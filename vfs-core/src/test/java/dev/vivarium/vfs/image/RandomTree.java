package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A tree of every kind of inode, the same for the same seed. */
final class RandomTree {
  private final Random random;
  private final Vfs vfs;
  private final FsContext root;
  private final List<Location> directories = new ArrayList<>();
  private final List<byte[]> files = new ArrayList<>();
  private final List<Location> fileDirectories = new ArrayList<>();

  private RandomTree(long seed) {
    random = new Random(seed);
    vfs =
        Vfs.builder()
            .quota(Quota.UNLIMITED)
            .clock(() -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)))
            .build();
    root = vfs.superuser();
    directories.add(vfs.root());
  }

  private static final FileType[] SPECIAL = {
    FileType.FIFO, FileType.SOCKET, FileType.CHARACTER_DEVICE, FileType.BLOCK_DEVICE
  };

  static Snapshot of(long seed, int entries) throws ErrnoException {
    var tree = new RandomTree(seed);
    for (int i = 0; i < entries; i++) {
      tree.addEntry();
    }
    return tree.vfs.snapshot();
  }

  private void addEntry() throws ErrnoException {
    var directory = directories.get(random.nextInt(directories.size()));
    byte[] name = name();
    if (exists(directory, name)) {
      return;
    }
    switch (random.nextInt(6)) {
      case 0 -> {
        vfs.makeDirectory(root, directory, name, 0700);
        directories.add(vfs.directory(root, directory, name));
        vfs.changeMode(root, directory, name, random.nextInt(010000), true);
      }
      case 1 -> vfs.symlink(root, bytes(1 + random.nextInt(200)), directory, name);
      case 2 -> {
        if (!files.isEmpty()) {
          int which = random.nextInt(files.size());
          var from = fileDirectories.get(which);
          vfs.link(root, from, files.get(which), false, directory, name);
          return;
        }
        addFile(directory, name);
      }
      case 3 -> {
        var type = SPECIAL[random.nextInt(SPECIAL.length)];
        vfs.makeNode(root, directory, name, type.bits() | 0644, random.nextInt());
        files.add(name);
        fileDirectories.add(directory);
      }
      default -> addFile(directory, name);
    }
    var type = vfs.stat(root, directory, name, false).type();
    boolean attributed = type == FileType.REGULAR || type == FileType.DIRECTORY;
    for (int i = attributed ? random.nextInt(4) : 0; i > 0; i--) {
      byte[] attribute = "user.x".getBytes(StandardCharsets.US_ASCII);
      attribute[5] = (byte) ('a' + random.nextInt(26));
      byte[] value = new byte[random.nextInt(100)];
      random.nextBytes(value);
      vfs.setXattr(root, directory, name, attribute, value, 0, false);
    }
    if (random.nextBoolean()) {
      vfs.changeOwner(root, directory, name, random.nextInt() & ~1, random.nextInt(9), false);
    }
    if (random.nextBoolean()) {
      vfs.setTimes(
          root,
          directory,
          name,
          TimeChange.at(random.nextLong()),
          TimeChange.at(random.nextLong() >> 20),
          false);
    }
  }

  private void addFile(Location directory, byte[] name) throws ErrnoException {
    var file = vfs.open(root, directory, name, OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0);
    files.add(name);
    fileDirectories.add(directory);
    for (int i = random.nextInt(4); i > 0; i--) {
      var data = new byte[random.nextInt(10_000)];
      if (random.nextBoolean()) {
        random.nextBytes(data);
      }
      file.pwrite(data, 0, data.length, random.nextInt(3) == 0 ? random.nextInt(1 << 20) : 0);
    }
    if (random.nextInt(3) == 0) {
      file.truncate(random.nextInt(10) == 0 ? 1L << 40 : random.nextInt(1 << 21));
    }
    file.release();
    vfs.changeMode(root, directory, name, random.nextInt(010000), true);
  }

  private byte[] name() {
    while (true) {
      byte[] name = bytes(random.nextInt(20) == 0 ? 255 : 1 + random.nextInt(3));
      for (int i = 0; i < name.length; i++) {
        name[i] = name[i] == '/' ? (byte) '_' : name[i];
      }
      if (!EntryName.isDots(name)) {
        return name;
      }
    }
  }

  /** Any bytes but 0. */
  private byte[] bytes(int length) {
    var bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (1 + random.nextInt(255));
    }
    return bytes;
  }

  private boolean exists(Location directory, byte[] name) {
    try {
      vfs.stat(root, directory, name, false);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }
}
