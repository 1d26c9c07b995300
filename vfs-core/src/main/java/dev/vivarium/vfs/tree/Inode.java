package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.util.List;

/**
 * An inode. It knows no name, but where one of its names is: the directory and the entry's cookie
 * there. That is how paths are found for {@code getcwd} and for what changed between snapshots.
 *
 * <p>An inode is changed only by the tree whose present epoch it has.
 */
public abstract sealed class Inode implements Node
    permits RegularFile, Directory, Symlink, SpecialFile, DamagedInode {
  private final long epoch;
  private final long ino;
  private int mode;
  private int uid;
  private int gid;
  int nlink;
  private long atime;
  private long mtime;
  private long ctime;
  private final long birthTime;
  private long homeDirectory;
  private long homeCookie;
  private Xattrs xattrs;
  // The names that an inode of a tree's base got in that tree, which are charged.
  private int adoptedNames;

  Inode(long epoch, long ino, int mode, int uid, int gid, long now) {
    this.epoch = epoch;
    this.ino = ino;
    this.mode = mode;
    this.uid = uid;
    this.gid = gid;
    this.atime = now;
    this.mtime = now;
    this.ctime = now;
    this.birthTime = now;
  }

  /** One that is stored. */
  Inode(long epoch, long ino, StoredInode stored) {
    this.epoch = epoch;
    this.ino = ino;
    mode = stored.mode();
    uid = stored.uid();
    gid = stored.gid();
    nlink = stored.nlink();
    atime = stored.atime();
    mtime = stored.mtime();
    ctime = stored.ctime();
    // Nothing that it has is known to be older.
    birthTime = stored.ctime();
    homeDirectory = stored.homeDirectory();
    homeCookie = stored.homeCookie();
    for (int i = 0; i < stored.xattrs().size(); i += 2) {
      xattrs = Xattrs.with(xattrs, stored.xattrs().get(i), stored.xattrs().get(i + 1), epoch);
    }
  }

  /** Makes an inode that is stored, or a {@link DamagedInode}. */
  static Inode of(StoredTree source, long ino, long epoch) {
    StoredInode stored;
    try {
      stored = source.inode(ino);
    } catch (ErrnoException e) {
      return new DamagedInode(epoch, ino);
    }
    return switch (FileType.of(stored.mode())) {
      case DIRECTORY -> new Directory(source, epoch, ino, stored);
      case REGULAR -> new RegularFile(source, epoch, ino, stored);
      case SYMLINK -> new Symlink(epoch, ino, stored, source.target(ino));
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> new SpecialFile(epoch, ino, stored);
    };
  }

  /** A copy for the present epoch of a tree. */
  Inode(Tree tree, Inode original) {
    epoch = tree.epoch();
    ino = original.ino;
    mode = original.mode;
    uid = original.uid;
    gid = original.gid;
    nlink = original.nlink;
    atime = original.atime;
    mtime = original.mtime;
    ctime = original.ctime;
    birthTime = original.birthTime;
    homeDirectory = original.homeDirectory;
    homeCookie = original.homeCookie;
    xattrs = original.xattrs;
    adoptedNames = original.adoptedNames(tree);
  }

  /** A copy that a tree may change from now on. */
  abstract Inode copy(Tree tree);

  /** A copy as it is once its last name is gone. */
  Inode withoutName(Tree tree) {
    return lost(copy(tree));
  }

  static Inode lost(Inode inode) {
    inode.nlink = 0;
    inode.adoptedNames = 0;
    return inode;
  }

  /** {@code st_size}. */
  public abstract long size();

  /** {@code st_blocks}. */
  long blocks() {
    return 0;
  }

  long rdev() {
    return 0;
  }

  /** The bytes that the ledger would count for this inode in a tree that had made all of it. */
  final long bytes() {
    return contentBytes() + (xattrs == null ? 0 : xattrs.bytes());
  }

  /** The part of {@link #bytes} that is content. */
  long contentBytes() {
    return 0;
  }

  /** The bytes that the ledger counts for this inode in a tree. */
  final long chargedBytes(Tree tree) {
    return chargedContent(tree) + chargedXattrs(tree);
  }

  /** The part of {@link #chargedBytes} that is content. */
  long chargedContent(Tree tree) {
    return 0;
  }

  /** The part of {@link #chargedBytes} that is extended attributes; those of the base are free. */
  final long chargedXattrs(Tree tree) {
    return xattrs != null && tree.isOwnEpoch(xattrs.epoch) ? xattrs.bytes() : 0;
  }

  /** The names that an inode of a tree's base got in that tree. */
  final int adoptedNames(Tree tree) {
    return tree.isOwnEpoch(epoch) ? adoptedNames : 0;
  }

  final void adoptNames(int more) {
    adoptedNames += more;
  }

  final Xattrs xattrs() {
    return xattrs;
  }

  final void setXattrs(Xattrs changed) {
    xattrs = changed;
  }

  /** The value of an extended attribute, not to be changed, or null. */
  public final byte[] xattr(byte[] name) {
    return xattrs == null ? null : xattrs.get(name);
  }

  /** The names of the extended attributes. */
  public final List<byte[]> xattrNames() {
    return xattrs == null ? List.of() : xattrs.names();
  }

  final long epoch() {
    return epoch;
  }

  @Override
  public final long ino() {
    return ino;
  }

  @Override
  public final int mode() {
    return mode;
  }

  @Override
  public final int uid() {
    return uid;
  }

  @Override
  public final int gid() {
    return gid;
  }

  public final int nlink() {
    return nlink;
  }

  /** When it was made. */
  public final long birthTime() {
    return birthTime;
  }

  final long mtime() {
    return mtime;
  }

  final long ctime() {
    return ctime;
  }

  /** The directory that has the name of it that is known; for a directory also when it is gone. */
  public final long homeDirectory() {
    return homeDirectory;
  }

  final long homeCookie() {
    return homeCookie;
  }

  /** {@code stat(2)}. */
  public final Stat stat(long device) {
    return new Stat(
        device, ino, mode, nlink, uid, gid, rdev(), size(), blocks(), atime, mtime, ctime);
  }

  final void setPermissions(int permissions, long now) {
    mode = (mode & FileMode.S_IFMT) | (permissions & FileMode.ALL);
    ctime = now;
  }

  final void setOwner(int newUid, int newGid) {
    uid = newUid;
    gid = newGid;
  }

  final void setHome(long directory, long cookie) {
    homeDirectory = directory;
    homeCookie = cookie;
  }

  /** Whether the name that is known of it is the one of an entry. */
  final boolean isHome(long directory, Entry entry) {
    return homeDirectory == directory && homeCookie == entry.cookie();
  }

  final void changed(long now) {
    ctime = now;
  }

  final void contentChanged(long now) {
    mtime = now;
    ctime = now;
  }

  final void accessed(long now) {
    atime = now;
  }

  final void setTimes(TimeChange access, TimeChange modification, long now) {
    atime = access.appliedTo(atime, now);
    mtime = modification.appliedTo(mtime, now);
    ctime = now;
  }

  /**
   * Whether reading at {@code now} has to note it, as Linux mounts by default (relatime): if it
   * would be the first time since the last change, or in a day.
   */
  final boolean noteAccess(long now) {
    return atime <= mtime || atime <= ctime || now - atime >= 86_400_000_000_000L;
  }
}
