package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import java.nio.charset.StandardCharsets;

/**
 * One inode that has no place in the tree: of a pipe, or of a standard stream. Where a link of
 * {@code /proc} leads to such a thing, it leads here.
 */
abstract class AnonymousFileSystem implements FileSystem {
  private final long device;

  AnonymousFileSystem(long device) {
    this.device = device;
  }

  /** Everything about the inode. Needs no lock. */
  abstract Stat stat() throws ErrnoException;

  /** What a link of {@code /proc} says of it. */
  final byte[] text() {
    var node = root();
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
  public Node node(long ino) {
    return ino == root().ino() ? root() : null;
  }

  @Override
  public Node lookup(Node directory, byte[] path, int offset, int length) throws ErrnoException {
    throw Errno.ENOTDIR.exception();
  }

  @Override
  public Node parent(Node other) {
    return root();
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
    return stat();
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
}
