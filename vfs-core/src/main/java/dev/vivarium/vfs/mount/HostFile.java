package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * One regular file of the host, as a filesystem whose root it is: what a bind mount of a file is to
 * Linux. It is reached and seen as {@link HostDirectory} would in the directory that it is in, of
 * which nothing else is there.
 *
 * <p>It is that very file: once its name means another one, opening it is ENOENT.
 */
public final class HostFile implements FileSystem {
  private final HostDirectory directory;
  private final Node file;

  private HostFile(HostDirectory directory, Node file) {
    this.directory = directory;
    this.file = file;
    directory.pin(file.ino());
  }

  /**
   * Opens a file of the host.
   *
   * @param lock the lock of the tree that it is mounted in
   * @param clock for times that are set to the present
   * @throws IOException if it is no regular file, or its directory cannot be confined; the message
   *     is for people
   */
  public static HostFile open(
      Object lock, InstantSource clock, long device, Path file, boolean readOnly)
      throws IOException {
    Path real;
    try {
      real = file.toRealPath();
    } catch (IOException e) {
      throw cannotBeMapped(file, HostDirectoryErrors.errno(e));
    }
    if (!Files.isRegularFile(real)) {
      throw new IOException(file + " cannot be mapped: it is no regular file");
    }
    var directory = HostDirectory.open(lock, clock, device, real.getParent(), readOnly);
    try {
      var node = directory.child(real.getFileName());
      if (node == null || !node.isRegular()) {
        throw Errno.ENOENT.exception();
      }
      return new HostFile(directory, node);
    } catch (ErrnoException e) {
      directory.unmounted();
      throw cannotBeMapped(file, e.errno());
    }
  }

  private static IOException cannotBeMapped(Path file, Errno why) {
    return new IOException(file + " cannot be mapped: " + why.description());
  }

  @Override
  public String type() {
    return directory.type();
  }

  @Override
  public long device() {
    return directory.device();
  }

  @Override
  public boolean isReadOnly() {
    return directory.isReadOnly();
  }

  @Override
  public Node root() {
    return file;
  }

  @Override
  public Node node(long ino) {
    return ino == file.ino() ? file : null;
  }

  @Override
  public Node lookup(Node parent, byte[] path, int offset, int length) throws ErrnoException {
    throw Errno.ENOTDIR.exception();
  }

  @Override
  public Node parent(Node node) {
    return file;
  }

  @Override
  public boolean isRemoved(Node node) {
    return false;
  }

  @Override
  public byte[] nameOf(Node node) {
    return null;
  }

  @Override
  public Stat stat(Node node) throws ErrnoException {
    return directory.stat(node);
  }

  @Override
  public byte[] readLink(Node symlink, Caller caller) throws ErrnoException {
    throw Errno.EINVAL.exception();
  }

  @Override
  public void readDirectory(Node node, long cookie, DirectoryVisitor visitor)
      throws ErrnoException {
    throw Errno.ENOTDIR.exception();
  }

  @Override
  public FileDescription open(Node node, int flags, Credentials who) throws ErrnoException {
    return directory.open(node, flags, who);
  }

  @Override
  public void changeMode(Node node, int mode) throws ErrnoException {
    directory.changeMode(node, mode);
  }

  @Override
  public void changeOwner(Node node, int uid, int gid, int mode) throws ErrnoException {
    directory.changeOwner(node, uid, gid, mode);
  }

  @Override
  public void setTimes(Node node, TimeChange access, TimeChange modification)
      throws ErrnoException {
    directory.setTimes(node, access, modification);
  }

  @Override
  public void truncate(Node node, long size, Credentials who) throws ErrnoException {
    directory.truncate(node, size, who);
  }

  @Override
  public FileSystemStat statFileSystem() throws ErrnoException {
    return directory.statFileSystem();
  }

  @Override
  public void sync() throws ErrnoException {
    directory.sync();
  }

  @Override
  public void unmounted() {
    directory.unmounted();
  }

  @Override
  public void releaseHost() {
    directory.releaseHost();
  }
}
