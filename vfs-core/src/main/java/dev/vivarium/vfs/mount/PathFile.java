package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Whence;

/** An open file of a {@link PathFileSystem}, to be read. Its monitor guards the offset. */
final class PathFile extends FileDescription {
  private final PathContent content;
  private final Stat stat;
  private long offset;

  /**
   * @param content held for this, and let go when it is closed
   */
  PathFile(PathContent content, Stat stat, int flags) {
    super(flags);
    this.content = content;
    this.stat = stat;
  }

  @Override
  public FileType type() {
    return FileType.REGULAR;
  }

  @Override
  public Stat stat() {
    return stat;
  }

  @Override
  public synchronized int read(byte[] buffer, int from, int length) throws ErrnoException {
    int count = pread(buffer, from, length, offset);
    offset += count;
    return count;
  }

  @Override
  public int pread(byte[] buffer, int from, int length, long position) throws ErrnoException {
    require(position >= 0 && length <= Long.MAX_VALUE - position, Errno.EINVAL);
    return content.read(buffer, from, length, position);
  }

  @Override
  public int write(byte[] buffer, int from, int length) throws ErrnoException {
    throw Errno.EBADF.exception();
  }

  @Override
  public int pwrite(byte[] buffer, int from, int length, long position) throws ErrnoException {
    throw (position < 0 ? Errno.EINVAL : Errno.EBADF).exception();
  }

  @Override
  public synchronized long seek(long distance, Whence whence) throws ErrnoException {
    long base =
        switch (whence) {
          case SET -> 0;
          case CUR -> offset;
          case END -> stat.size();
          case DATA, HOLE -> {
            // The provider tells no holes: all of a file is data, and its end a hole.
            require(distance >= 0 && distance < stat.size(), Errno.ENXIO);
            yield whence == Whence.DATA ? 0 : stat.size() - distance;
          }
        };
    // A sum that overflows is negative too.
    require(base + distance >= 0, Errno.EINVAL);
    offset = base + distance;
    return offset;
  }

  @Override
  public void sync(boolean dataOnly) {
    // Nothing is delayed.
  }

  @Override
  protected void closed() {
    content.close();
  }

  private static void require(boolean condition, Errno otherwise) throws ErrnoException {
    if (!condition) {
      throw otherwise.exception();
    }
  }
}
