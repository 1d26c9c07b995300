package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;

/**
 * An open description of a place in the tree, whatever its driver: what {@code openat} starts from.
 */
public abstract sealed class LocatedDescription extends FileDescription
    permits DirectoryDescription, PathDescription {
  private final Location location;
  private final FileType type;

  /** Called under the lock of the tree. */
  LocatedDescription(Mount mount, Node node, int flags) {
    super(flags);
    this.location = new Location(mount, node.ino());
    this.type = node.type();
    mount.fileSystem().pin(node.ino());
  }

  /**
   * The same in a mount of a fork of its filesystem, at the same offset. Called under the lock of
   * the fork.
   */
  public abstract LocatedDescription in(Mount fork);

  /** The place that it refers to. */
  public final Location location() {
    return location;
  }

  @Override
  public final FileType type() {
    return type;
  }

  @Override
  public final Stat stat() throws ErrnoException {
    synchronized (lock()) {
      return fileSystem().stat(node());
    }
  }

  @Override
  protected final void closed() {
    synchronized (lock()) {
      fileSystem().unpin(location.ino());
    }
  }

  final Object lock() {
    return location.mount().table().lock();
  }

  final FileSystem fileSystem() {
    return location.mount().fileSystem();
  }

  /** The inode; EBADF if another thread has closed the last descriptor. */
  final Node node() throws ErrnoException {
    var node = fileSystem().node(location.ino());
    if (node == null) {
      throw Errno.EBADF.exception();
    }
    return node;
  }
}
