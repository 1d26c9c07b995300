package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Whence;

/**
 * An open file of a {@link PseudoFileSystem}. Its content is made at the first read, and again by
 * each that starts at the beginning; reads in between go on in the same. Guarded by the lock of the
 * tree.
 */
final class PseudoFileDescription extends FileDescription {
  private final PseudoFileSystem fileSystem;
  private final PseudoFile file;
  private byte[] content;
  private long offset;

  PseudoFileDescription(PseudoFileSystem fileSystem, PseudoFile file, int flags) {
    super(flags);
    this.fileSystem = fileSystem;
    this.file = file;
  }

  @Override
  public FileType type() {
    return FileType.REGULAR;
  }

  @Override
  public Stat stat() {
    synchronized (fileSystem.lock()) {
      return fileSystem.stat(file);
    }
  }

  @Override
  public int read(byte[] buffer, int from, int length) throws ErrnoException {
    synchronized (fileSystem.lock()) {
      int count = pread(buffer, from, length, offset);
      offset += count;
      return count;
    }
  }

  @Override
  public int pread(byte[] buffer, int from, int length, long position) throws ErrnoException {
    require(position >= 0, Errno.EINVAL);
    require(readable(), Errno.EBADF);
    if (length == 0) {
      return 0;
    }
    synchronized (fileSystem.lock()) {
      if (content == null || position == 0) {
        if (fileSystem.node(file.ino()) == null) {
          throw Errno.ESRCH.exception();
        }
        content = file.content();
      }
      if (position >= content.length) {
        return 0;
      }
      int count = (int) Math.min(length, content.length - position);
      System.arraycopy(content, (int) position, buffer, from, count);
      return count;
    }
  }

  @Override
  public int write(byte[] buffer, int from, int length) throws ErrnoException {
    require(writable(), Errno.EBADF);
    throw file.onWrite().exception();
  }

  @Override
  public int pwrite(byte[] buffer, int from, int length, long position) throws ErrnoException {
    require(position >= 0, Errno.EINVAL);
    return write(buffer, from, length);
  }

  @Override
  public long seek(long distance, Whence whence) throws ErrnoException {
    synchronized (fileSystem.lock()) {
      long base =
          switch (whence) {
            case SET -> 0;
            case CUR -> offset;
            // Where it ends is not known before it is read.
            case END, DATA, HOLE -> throw Errno.EINVAL.exception();
          };
      // A sum that overflows is negative too.
      require(base + distance >= 0, Errno.EINVAL);
      offset = base + distance;
      return offset;
    }
  }
}
