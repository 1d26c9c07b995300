package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.RegularFileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.tree.Directory;
import dev.vivarium.vfs.tree.DirectoryWatch;
import dev.vivarium.vfs.tree.Inode;
import dev.vivarium.vfs.tree.RegularFile;
import dev.vivarium.vfs.tree.Symlink;
import dev.vivarium.vfs.tree.Tree;
import java.util.ArrayDeque;
import java.util.Map;

/** The driver of filesystems in memory: a {@link Tree}, with the limits that are no ledger's. */
public final class MemoryFileSystem implements FileSystem {
  private final Tree tree;

  private final long device;
  private final int entryLimit;
  private final int depthLimit;
  private final Map<Long, Device> devices;

  /**
   * @param device {@code st_dev}
   * @param entryLimit the most entries of one directory
   * @param depthLimit how deep directories may be nested
   * @param devices what stands behind device nodes, by {@code st_rdev}
   */
  public MemoryFileSystem(
      Tree tree, long device, int entryLimit, int depthLimit, Map<Long, Device> devices) {
    this.tree = tree;
    this.device = device;
    this.entryLimit = entryLimit;
    this.depthLimit = depthLimit;
    this.devices = devices;
  }

  /** The inodes. */
  public Tree tree() {
    return tree;
  }

  @Override
  public long device() {
    return device;
  }

  @Override
  public Node root() {
    return tree.get(Tree.ROOT);
  }

  @Override
  public Node node(long ino) {
    return tree.get(ino);
  }

  @Override
  public Node lookup(Node directory, byte[] path, int offset, int length) {
    var entry = ((Directory) directory).find(path, offset, length);
    return entry == null ? null : tree.get(entry.ino());
  }

  @Override
  public Node parent(Node directory) {
    return tree.get(((Directory) directory).parent());
  }

  @Override
  public boolean isRemoved(Node directory) {
    return ((Directory) directory).isDead();
  }

  @Override
  public byte[] nameOf(Node directory) {
    return tree.nameOf((Directory) directory);
  }

  @Override
  public Stat stat(Node node) {
    return ((Inode) node).stat(device);
  }

  @Override
  public byte[] readLink(Node symlink) {
    var link = (Symlink) symlink;
    tree.touch(link);
    return link.target();
  }

  @Override
  public void readDirectory(Node node, long cookie, DirectoryVisitor visitor)
      throws ErrnoException {
    var directory = (Directory) node;
    if (directory.isDead()) {
      throw Errno.ENOENT.exception();
    }
    if (cookie < Directory.SELF
        && !visitor.entry(Directory.SELF, directory.ino(), FileType.DIRECTORY, new byte[] {'.'})) {
      return;
    }
    if (cookie < Directory.PARENT
        && !visitor.entry(
            Directory.PARENT, directory.parent(), FileType.DIRECTORY, new byte[] {'.', '.'})) {
      return;
    }
    for (var entry = directory.after(cookie);
        entry != null && visitor.entry(entry.cookie(), entry.ino(), entry.type(), entry.name());
        entry = directory.after(entry.cookie())) {
      // The visitor has done the work.
    }
  }

  @Override
  public void accessed(Node directory) {
    tree.touch((Inode) directory);
  }

  @Override
  public FileDescription open(Node node, int flags, Credentials who) throws ErrnoException {
    return switch (node.type()) {
      case REGULAR -> {
        if ((flags & OpenFlags.O_TRUNC) != 0) {
          truncate(node, 0, who);
        }
        yield new RegularFileDescription(tree, device, node.ino(), flags, who);
      }
      case CHARACTER_DEVICE -> {
        var driver = devices.get(stat(node).rdev());
        if (driver == null) {
          throw Errno.ENXIO.exception();
        }
        yield new DeviceNodeDescription(tree, device, node.ino(), driver, flags);
      }
      case DIRECTORY, SYMLINK, BLOCK_DEVICE, FIFO, SOCKET -> throw Errno.ENXIO.exception();
    };
  }

  @Override
  public Node createFile(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    requireRoom(directory);
    return tree.createFile(directory.ino(), name, mode, uid, gid);
  }

  @Override
  public Node makeDirectory(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    requireRoom(directory);
    requireDepth(directory, 1);
    return tree.createDirectory(directory.ino(), name, mode, uid, gid);
  }

  @Override
  public Node symlink(Node directory, byte[] name, byte[] target, int uid, int gid)
      throws ErrnoException {
    requireRoom(directory);
    return tree.createSymlink(directory.ino(), name, target, uid, gid);
  }

  @Override
  public void link(Node node, Node directory, byte[] name) throws ErrnoException {
    requireRoom(directory);
    tree.link(node.ino(), directory.ino(), name);
  }

  @Override
  public void unlink(Node directory, byte[] name) {
    tree.unlink(directory.ino(), name);
  }

  @Override
  public void removeDirectory(Node directory, byte[] name) throws ErrnoException {
    tree.removeDirectory(directory.ino(), name);
  }

  @Override
  public void rename(Node fromDirectory, byte[] from, Node toDirectory, byte[] to)
      throws ErrnoException {
    if (fromDirectory.ino() != toDirectory.ino()) {
      if (lookup(toDirectory, to, 0, to.length) == null) {
        requireRoom(toDirectory);
      }
      if (lookup(fromDirectory, from, 0, from.length) instanceof Directory moved
          && depthLimit != Integer.MAX_VALUE) {
        requireDepth(toDirectory, height(moved));
      }
    }
    tree.rename(fromDirectory.ino(), from, toDirectory.ino(), to);
  }

  private void requireRoom(Node directory) throws ErrnoException {
    if (((Directory) directory).count() >= entryLimit) {
      throw Errno.ENOSPC.exception();
    }
  }

  /** Requires that below a directory there may be so many levels more. */
  private void requireDepth(Node directory, int levels) throws ErrnoException {
    if (depthLimit == Integer.MAX_VALUE) {
      return;
    }
    int depth = levels;
    for (long ino = directory.ino(); ino != Tree.ROOT; ino = tree.directory(ino).parent()) {
      depth++;
    }
    if (depth > depthLimit) {
      throw Errno.ENOSPC.exception();
    }
  }

  /** The levels of directories that moving one brings along, itself included. */
  private int height(Directory top) {
    int height = 0;
    var level = new ArrayDeque<Directory>();
    level.add(top);
    while (!level.isEmpty()) {
      height++;
      for (int left = level.size(); left > 0; left--) {
        var directory = level.remove();
        if (directory.nlink() > 2) {
          for (var e = directory.after(0); e != null; e = directory.after(e.cookie())) {
            if (e.type() == FileType.DIRECTORY) {
              level.add(tree.directory(e.ino()));
            }
          }
        }
      }
    }
    return height;
  }

  @Override
  public void changeMode(Node node, int mode) {
    tree.changeMode(node.ino(), mode);
  }

  @Override
  public void changeOwner(Node node, int uid, int gid, int mode) throws ErrnoException {
    tree.changeOwner(node.ino(), uid, gid, mode);
  }

  @Override
  public void setTimes(Node node, TimeChange access, TimeChange modification) {
    tree.setTimes(node.ino(), access, modification);
  }

  @Override
  public void truncate(Node node, long size, Credentials who) throws ErrnoException {
    var file = (RegularFile) tree.own(node.ino());
    file.truncate(tree, size);
    tree.contentChanged(file);
    RegularFileDescription.clearSetId(tree, node.ino(), who);
  }

  @Override
  public FileSystemStat statFileSystem() {
    var ledger = tree.ledger();
    return new FileSystemStat(
        Stat.BLOCK_SIZE,
        ledger.byteLimit() / Stat.BLOCK_SIZE,
        ledger.freeBytes() / Stat.BLOCK_SIZE,
        ledger.inodeLimit(),
        ledger.freeInodes(),
        false);
  }

  @Override
  public void pin(long ino) {
    tree.pin(ino);
  }

  @Override
  public void unpin(long ino) {
    tree.unpin(ino);
  }

  @Override
  public void watch(long directory, DirectoryWatch watch) {
    tree.watch(directory, watch);
  }

  @Override
  public void unwatch(long directory, DirectoryWatch watch) {
    tree.unwatch(directory, watch);
  }
}
