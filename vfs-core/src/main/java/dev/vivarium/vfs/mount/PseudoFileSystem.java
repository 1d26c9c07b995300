package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import java.nio.charset.StandardCharsets;

/**
 * A filesystem that stores nothing, such as {@code /proc}: a window to objects that live elsewhere,
 * and the port through which they are shown. What is shown says which nodes there are; here is how
 * they are read. Nothing can be made, moved or removed: a name that is absent is ENOENT also to who
 * would make it, as on Linux, the rest EPERM.
 */
public abstract class PseudoFileSystem implements FileSystem {
  private final Object lock;
  private final long device;
  private final long time;

  /**
   * @param lock the lock of the tree that it is mounted in
   * @param device {@code st_dev}
   * @param time all times of all inodes, in nanoseconds since the epoch
   */
  protected PseudoFileSystem(Object lock, long device, long time) {
    this.lock = lock;
    this.device = device;
    this.time = time;
  }

  @Override
  public abstract PseudoDirectory root();

  /** The node with a number, which it alone has and keeps; null if it is gone. */
  @Override
  public abstract PseudoNode node(long ino);

  final Object lock() {
    return lock;
  }

  @Override
  public final long device() {
    return device;
  }

  @Override
  public final Node lookup(Node directory, byte[] path, int offset, int length)
      throws ErrnoException {
    var name = new String(path, offset, length, StandardCharsets.ISO_8859_1);
    var found = ((PseudoDirectory) directory).find(name);
    if (found == null) {
      throw Errno.ENOENT.exception();
    }
    return found;
  }

  @Override
  public final Node parent(Node node) {
    return node(((PseudoNode) node).parent());
  }

  @Override
  public final boolean isRemoved(Node directory) {
    return node(directory.ino()) == null;
  }

  @Override
  public final byte[] nameOf(Node node) {
    return isRemoved(node) || node.ino() == root().ino()
        ? null
        : ((PseudoNode) node).name().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public final Stat stat(Node node) {
    int nlink = 1;
    if (node instanceof PseudoDirectory directory) {
      nlink = 2;
      for (var entry : directory.entries()) {
        nlink += entry.isDirectory() ? 1 : 0;
      }
    }
    return new Stat(
        device, node.ino(), node.mode(), nlink, node.uid(), node.gid(), 0, 0, 0, time, time, time);
  }

  @Override
  public final byte[] readLink(Node symlink, Caller caller) throws ErrnoException {
    return ((PseudoLink) symlink).text(caller);
  }

  @Override
  public final Location jump(Node symlink, Caller caller) throws ErrnoException {
    return ((PseudoLink) symlink).jump(caller);
  }

  @Override
  public final void readDirectory(Node node, long cookie, DirectoryVisitor visitor)
      throws ErrnoException {
    var directory = (PseudoDirectory) node;
    if (isRemoved(directory)) {
      throw Errno.ENOENT.exception();
    }
    if (cookie < 1 && !visitor.entry(1, directory.ino(), FileType.DIRECTORY, new byte[] {'.'})) {
      return;
    }
    if (cookie < 2
        && !visitor.entry(2, directory.parent(), FileType.DIRECTORY, new byte[] {'.', '.'})) {
      return;
    }
    // An inode's number is its cookie: whatever comes and goes, it stays where it is.
    for (var entry : directory.entries()) {
      long place = entry.ino() + 2;
      byte[] name = entry.name().getBytes(StandardCharsets.ISO_8859_1);
      if (place > cookie && !visitor.entry(place, entry.ino(), entry.type(), name)) {
        return;
      }
    }
  }

  @Override
  public final FileDescription open(Node node, int flags, Credentials who) throws ErrnoException {
    var file = (PseudoFile) node;
    boolean writes = OpenFlags.writable(flags) || (flags & OpenFlags.O_TRUNC) != 0;
    if (writes && file.onWrite() == Errno.EACCES) {
      throw Errno.EACCES.exception();
    }
    return new PseudoFileDescription(this, file, flags);
  }

  /** Cuts nothing off, and says so as little as Linux does. */
  @Override
  public final void truncate(Node node, long size, Credentials who) throws ErrnoException {
    if (((PseudoFile) node).onWrite() == Errno.EACCES) {
      throw Errno.EACCES.exception();
    }
  }

  @Override
  public final FileSystemStat statFileSystem() {
    return new FileSystemStat(Stat.BLOCK_SIZE, 0, 0, 0, 0, 0);
  }
}
