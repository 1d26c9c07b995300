package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.open.Fifos;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.OpenFiles;
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
import dev.vivarium.vfs.tree.Creation;
import dev.vivarium.vfs.tree.DamagedInode;
import dev.vivarium.vfs.tree.Directory;
import dev.vivarium.vfs.tree.DirectoryWatch;
import dev.vivarium.vfs.tree.Entry;
import dev.vivarium.vfs.tree.Inode;
import dev.vivarium.vfs.tree.RegularFile;
import dev.vivarium.vfs.tree.Removal;
import dev.vivarium.vfs.tree.Renaming;
import dev.vivarium.vfs.tree.Symlink;
import dev.vivarium.vfs.tree.Tree;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The driver of filesystems in memory: a {@link Tree}, with the limits that are no ledger's. */
public final class MemoryFileSystem implements FileSystem {
  private final Tree tree;
  private final Creation creation;
  private final Removal removal;
  private final Renaming renaming;
  private final long device;
  private final MemoryLimits limits;
  private final Map<Long, Device> devices;
  private final Fifos fifos;
  private final FormerNames formerNames;

  /**
   * @param device {@code st_dev}
   * @param devices what stands behind device nodes, by {@code st_rdev}; guarded by the tree's lock
   * @param pipes counts those of open FIFOs
   */
  public MemoryFileSystem(
      Tree tree, long device, MemoryLimits limits, Map<Long, Device> devices, OpenFiles pipes) {
    this.tree = tree;
    this.creation = new Creation(tree);
    this.removal = new Removal(tree);
    this.renaming = new Renaming(tree, removal);
    this.device = device;
    this.limits = limits;
    this.devices = devices;
    this.fifos = new Fifos(tree, device, pipes);
    this.formerNames = new FormerNames(tree);
  }

  /** The inodes. */
  public Tree tree() {
    return tree;
  }

  @Override
  public String type() {
    return "tmpfs";
  }

  @Override
  public long device() {
    return device;
  }

  @Override
  public boolean hasPathEpoch() {
    return true;
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
  public Node lookup(Node directory, byte[] path, int offset, int length) throws ErrnoException {
    var entry = ((Directory) directory).find(path, offset, length);
    return entry == null ? null : whole(tree.get(entry.ino()));
  }

  @Override
  public Node parent(Node node) throws ErrnoException {
    return whole(tree.get(((Inode) node).homeDirectory()));
  }

  private static Node whole(Inode inode) throws ErrnoException {
    if (inode instanceof DamagedInode) {
      throw Errno.EIO.exception();
    }
    return inode;
  }

  @Override
  public boolean isRemoved(Node directory) {
    return ((Directory) directory).isDead();
  }

  @Override
  public byte[] nameOf(Node node) {
    return tree.nameOf((Inode) node);
  }

  @Override
  public FormerName formerName(Node node) {
    return formerNames.of(node.ino());
  }

  @Override
  public Stat stat(Node node) {
    return ((Inode) node).stat(device);
  }

  @Override
  public OptionalLong birthTime(Node node) {
    return OptionalLong.of(((Inode) node).birthTime());
  }

  @Override
  public byte[] readLink(Node symlink, Caller caller) {
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
      case REGULAR -> openRegular(node, flags, who);
      case CHARACTER_DEVICE -> {
        var driver = devices.get(stat(node).rdev());
        if (driver == null) {
          throw Errno.ENXIO.exception();
        }
        yield new DeviceNodeDescription(tree, device, node.ino(), driver, flags);
      }
      case FIFO -> fifos.open(node.ino(), flags);
      case DIRECTORY, SYMLINK, BLOCK_DEVICE, SOCKET -> throw Errno.ENXIO.exception();
    };
  }

  private FileDescription openRegular(Node node, int flags, Credentials who) throws ErrnoException {
    var opened = new RegularFileDescription(tree, device, node.ino(), flags, who);
    boolean done = (flags & OpenFlags.O_TRUNC) == 0;
    try {
      if (!done) {
        truncate(node, 0, who, true);
        done = true;
      }
      return opened;
    } finally {
      if (!done) {
        opened.release();
      }
    }
  }

  @Override
  public Node createFile(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    requireRoom(directory);
    return creation.file(directory.ino(), name, mode, uid, gid);
  }

  @Override
  public FileDescription openUnnamed(int flags, int mode, int gid, Credentials who)
      throws ErrnoException {
    boolean mayBeLinked = (flags & OpenFlags.O_EXCL) == 0;
    long ino = creation.unnamed(mode, who.uid(), gid, mayBeLinked).ino();
    try {
      return new RegularFileDescription(tree, device, ino, flags, who);
    } finally {
      tree.unpin(ino);
    }
  }

  @Override
  public Node makeDirectory(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    requireRoom(directory);
    requireDepth(directory, 1);
    return creation.directory(directory.ino(), name, mode, uid, gid);
  }

  @Override
  public Node makeNode(Node directory, byte[] name, int mode, long rdev, int uid, int gid)
      throws ErrnoException {
    requireRoom(directory);
    return creation.special(directory.ino(), name, mode, rdev, uid, gid);
  }

  @Override
  public Node symlink(Node directory, byte[] name, byte[] target, int uid, int gid)
      throws ErrnoException {
    requireRoom(directory);
    return creation.symlink(directory.ino(), name, target, uid, gid);
  }

  @Override
  public void link(Node node, Node directory, byte[] name) throws ErrnoException {
    requireRoom(directory);
    creation.link(node.ino(), directory.ino(), name);
  }

  @Override
  public void unlink(Node directory, byte[] name) {
    var entry = entry(directory, name);
    formerNames.losesName(directory, entry);
    removal.unlink(directory.ino(), entry);
  }

  @Override
  public void removeDirectory(Node directory, byte[] name) throws ErrnoException {
    var entry = entry(directory, name);
    formerNames.losesName(directory, entry);
    removal.removeDirectory(directory.ino(), entry);
  }

  @Override
  public void rename(Node fromDirectory, byte[] from, Node toDirectory, byte[] to)
      throws ErrnoException {
    var old = entry(fromDirectory, from);
    var victim = entry(toDirectory, to);
    if (fromDirectory.ino() != toDirectory.ino()) {
      requireRoomFor(old, toDirectory, victim);
    }
    formerNames.losesName(toDirectory, victim);
    renaming.rename(fromDirectory.ino(), old, toDirectory.ino(), to, victim);
  }

  @Override
  public void renameToWhiteout(
      Node fromDirectory, byte[] from, Node toDirectory, byte[] to, int uid, int gid)
      throws ErrnoException {
    var old = entry(fromDirectory, from);
    var victim = entry(toDirectory, to);
    requireRoomFor(old, toDirectory, victim);
    formerNames.losesName(toDirectory, victim);
    renaming.renameToWhiteout(fromDirectory.ino(), old, toDirectory.ino(), to, victim, uid, gid);
  }

  private static Entry entry(Node directory, byte[] name) {
    return ((Directory) directory).find(name, 0, name.length);
  }

  private void requireRoomFor(Entry old, Node toDirectory, Entry victim) throws ErrnoException {
    if (victim == null) {
      requireRoom(toDirectory);
    }
    if (limits.depth() != Integer.MAX_VALUE) {
      requireDepthOf(toDirectory, tree.get(old.ino()));
    }
  }

  @Override
  public void exchange(Node firstDirectory, byte[] first, Node secondDirectory, byte[] second)
      throws ErrnoException {
    var one = entry(firstDirectory, first);
    var other = entry(secondDirectory, second);
    if (firstDirectory.ino() != secondDirectory.ino() && limits.depth() != Integer.MAX_VALUE) {
      requireDepthOf(secondDirectory, tree.get(one.ino()));
      requireDepthOf(firstDirectory, tree.get(other.ino()));
    }
    renaming.exchange(firstDirectory.ino(), one, secondDirectory.ino(), other);
  }

  private void requireDepthOf(Node directory, Node moved) throws ErrnoException {
    if (moved instanceof Directory top) {
      requireDepth(directory, height(top));
    }
  }

  private void requireRoom(Node directory) throws ErrnoException {
    if (((Directory) directory).count() >= limits.directoryEntries()) {
      throw Errno.ENOSPC.exception();
    }
  }

  /** Requires that below a directory there may be so many levels more. */
  private void requireDepth(Node directory, int levels) throws ErrnoException {
    if (limits.depth() == Integer.MAX_VALUE) {
      return;
    }
    int depth = levels;
    for (long ino = directory.ino(); ino != Tree.ROOT; ino = tree.directory(ino).parent()) {
      depth++;
    }
    if (depth > limits.depth()) {
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
            if (e.type() == FileType.DIRECTORY && tree.get(e.ino()) instanceof Directory below) {
              level.add(below);
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
    // As tmpfs has it: to the present size it is no change for a file without pages.
    var file = (RegularFile) tree.get(node.ino());
    truncate(node, size, who, file.size() != size || file.blocks() > 0);
  }

  private void truncate(Node node, long size, Credentials who, boolean changed)
      throws ErrnoException {
    long now = changed ? tree.now() : 0;
    ((RegularFile) tree.own(node.ino())).truncate(tree, size);
    if (changed) {
      tree.contentChanged(node.ino(), now);
    }
    RegularFileDescription.clearSetId(tree, node.ino(), who);
  }

  @Override
  public byte[] getXattr(Node node, byte[] name) {
    return ((Inode) node).xattr(name);
  }

  @Override
  public void setXattr(Node node, byte[] name, byte[] value) throws ErrnoException {
    tree.setXattr(node.ino(), name, value, limits.xattrBytes());
  }

  @Override
  public void removeXattr(Node node, byte[] name) throws ErrnoException {
    tree.removeXattr(node.ino(), name);
  }

  @Override
  public List<byte[]> listXattr(Node node) {
    return ((Inode) node).xattrNames();
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
        0);
  }

  @Override
  public void unmounted() {
    tree.close();
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
