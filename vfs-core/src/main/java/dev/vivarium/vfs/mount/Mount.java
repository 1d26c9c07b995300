package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.posix.Node;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** A filesystem at a place in the tree. Its list of mounts is guarded by the lock of the tree. */
public final class Mount {
  /** The number of what is mounted nowhere. */
  static final int DETACHED = 0;

  private static final Mount[] NONE = {};

  private final MountTable table;
  private final int id;
  private final FileSystem fileSystem;
  private final Location covered;
  private final CoveredEntry entry;
  private final boolean isBind;
  private volatile MountOptions options;
  private final AtomicLong users = new AtomicLong();
  private final AtomicLong writers = new AtomicLong();
  private Mount[] mounts = NONE;
  private boolean coversFiles;

  Mount(
      MountTable table,
      int id,
      FileSystem fileSystem,
      Location covered,
      CoveredEntry entry,
      MountOptions options) {
    this.table = table;
    this.id = id;
    this.fileSystem = fileSystem;
    this.covered = covered;
    this.entry = entry;
    this.options = options;
    this.isBind = covered != null && covered.mount().fileSystem == fileSystem;
  }

  /** Its number, which no other mount of the tree ever has. */
  public int id() {
    return id;
  }

  /** What is mounted. */
  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** The directory, or file, that this mount hides; null for the root mount. */
  public Location covered() {
    return covered;
  }

  /** The one name of a file at which it is; null if it is wherever what it hides is. */
  public CoveredEntry entry() {
    return entry;
  }

  /** How it is mounted. */
  public MountOptions options() {
    return options;
  }

  /** Whether changes are refused with EROFS. */
  public boolean readOnly() {
    return options.readOnly();
  }

  /**
   * Requires that changes are allowed.
   *
   * @throws ErrnoException EROFS
   */
  public void requireWritable() throws ErrnoException {
    if (options.readOnly()) {
      throw Errno.EROFS.exception();
    }
  }

  /** The tree that this mount belongs to. */
  public MountTable table() {
    return table;
  }

  /** Whether it shows the directory that it is mounted over. */
  public boolean isBind() {
    return isBind;
  }

  /** The root, as a place. */
  public Location root() {
    return new Location(this, rootIno());
  }

  /** The root directory; of a single file's, that. */
  public Node rootNode() {
    return isBind ? fileSystem.node(covered.ino()) : fileSystem.root();
  }

  /** The number of the root's inode. */
  public long rootIno() {
    return isBind ? covered.ino() : fileSystem.root().ino();
  }

  /** Whether an inode is the root of a mount: that of what is in no tree is none. */
  boolean hasRoot(Node node) {
    return id != DETACHED && node.ino() == rootIno();
  }

  /**
   * Whether an inode of this mount may have another one on it: seldom has what is no directory, and
   * every walk that ends at a file asks.
   */
  public boolean mayCover(Node node) {
    return node.isDirectory() || coversFiles;
  }

  /**
   * The mount that hides what an entry of this one leads to, or null.
   *
   * @param node what it leads to
   * @param directory what has it; its name lies within {@code path}
   */
  public Mount mountedOn(Node node, Node directory, byte[] path, int offset, int length) {
    for (var mount : mounts) {
      if (mount.covered.ino() == node.ino()
          && (mount.entry == null || mount.entry.is(directory.ino(), path, offset, length))) {
        return mount;
      }
    }
    return null;
  }

  /** The mount that hides a directory, or the root, of this one, or null. */
  public Mount mountedOn(long ino) {
    for (var mount : mounts) {
      if (mount.covered.ino() == ino) {
        return mount;
      }
    }
    return null;
  }

  /** Somebody is in it, who must {@link #release} it. Called under the lock of the tree. */
  public void retain() {
    users.getAndIncrement();
  }

  /** Ends a {@link #retain}. Needs no lock. */
  public void release() {
    users.getAndDecrement();
  }

  /** A file in it is open for writing, until the matching {@link #releaseWritable}. */
  void retainWritable() {
    writers.getAndIncrement();
  }

  /** Ends a {@link #retainWritable}. Needs no lock. */
  void releaseWritable() {
    writers.getAndDecrement();
  }

  /** Whether a file in it is open for writing. */
  public boolean isWritten() {
    return writers.get() != 0;
  }

  /** Mounts it anew where it is, with other options. Called under the lock of the tree. */
  public void remount(MountOptions newOptions) {
    options = newOptions;
  }

  boolean isBusy() {
    return users.get() != 0 || mounts.length != 0;
  }

  void add(Mount mount) {
    mounts = Arrays.copyOf(mounts, mounts.length + 1);
    mounts[mounts.length - 1] = mount;
    coversFiles |= !mount.rootNode().isDirectory();
  }

  void remove(Mount mount) {
    mounts = Arrays.stream(mounts).filter(other -> other != mount).toArray(Mount[]::new);
    coversFiles = Arrays.stream(mounts).anyMatch(m -> !m.rootNode().isDirectory());
  }
}
