package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import java.nio.charset.StandardCharsets;

/**
 * The one inode behind an open description that has no place in the tree: a pipe, or a standard
 * stream. Where a link of {@code /proc} leads to such a thing, it leads here.
 */
final class AnonymousFileSystem implements FileSystem {
  private final FileDescription description;
  private final long device;
  private final Node node;

  private record AnonymousNode(long ino, int mode, int uid, int gid) implements Node {}

  private AnonymousFileSystem(FileDescription description, Stat stat) {
    this.description = description;
    this.device = stat.dev();
    this.node = new AnonymousNode(stat.ino(), stat.mode(), stat.uid(), stat.gid());
  }

  /** A place that is nothing but a description's inode. */
  static Location place(MountTable table, FileDescription description) throws ErrnoException {
    var fileSystem = new AnonymousFileSystem(description, description.stat());
    return table.detached(fileSystem).root();
  }

  /** What a link of {@code /proc} says of it. */
  byte[] text() {
    var text =
        switch (node.type()) {
          case FIFO -> "pipe:[" + node.ino() + "]";
          case SOCKET -> "socket:[" + node.ino() + "]";
          case CHARACTER_DEVICE -> "/dev/tty";
          case REGULAR, DIRECTORY, SYMLINK, BLOCK_DEVICE -> "anon_inode:[" + node.ino() + "]";
        };
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String type() {
    return "anon_inodefs";
  }

  @Override
  public long device() {
    return device;
  }

  @Override
  public Node root() {
    return node;
  }

  @Override
  public Node node(long ino) {
    return ino == node.ino() ? node : null;
  }

  @Override
  public Node lookup(Node directory, byte[] path, int offset, int length) throws ErrnoException {
    throw Errno.ENOTDIR.exception();
  }

  @Override
  public Node parent(Node other) {
    return node;
  }

  @Override
  public boolean isRemoved(Node directory) {
    return false;
  }

  @Override
  public byte[] nameOf(Node other) {
    return null;
  }

  @Override
  public Stat stat(Node other) throws ErrnoException {
    return description.stat();
  }

  @Override
  public byte[] readLink(Node symlink, Caller caller) throws ErrnoException {
    throw Errno.EINVAL.exception();
  }

  @Override
  public void readDirectory(Node directory, long cookie, DirectoryVisitor visitor)
      throws ErrnoException {
    throw Errno.ENOTDIR.exception();
  }

  @Override
  public FileDescription open(Node other, int flags, Credentials who) throws ErrnoException {
    return description.reopen(flags);
  }

  @Override
  public FileSystemStat statFileSystem() throws ErrnoException {
    throw Errno.ENOSYS.exception();
  }
}
