package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;

/** The inode of a standard stream, which is the host's: it cannot be changed. */
final class StreamFileSystem extends AnonymousFileSystem {
  private final FileDescription description;
  private final Node node;

  private record StreamNode(long ino, int mode, int uid, int gid) implements Node {}

  private StreamFileSystem(FileDescription description, Stat stat) {
    super(stat.dev());
    this.description = description;
    this.node = new StreamNode(stat.ino(), stat.mode(), stat.uid(), stat.gid());
  }

  /** A place that is nothing but a description's inode. */
  static Location place(MountTable table, FileDescription description) throws ErrnoException {
    return table.detached(new StreamFileSystem(description, description.stat())).root();
  }

  @Override
  public Node root() {
    return node;
  }

  @Override
  Stat stat() throws ErrnoException {
    return description.stat();
  }

  @Override
  public FileDescription open(Node stream, int flags, Credentials who) throws ErrnoException {
    return description.reopen(flags);
  }

  @Override
  public FileSystemStat statFileSystem() throws ErrnoException {
    throw Errno.ENOSYS.exception();
  }
}
