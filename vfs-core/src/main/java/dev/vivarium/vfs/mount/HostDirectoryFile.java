package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * An open regular file of the host. Its monitor guards the offset, and is a leaf.
 *
 * <p>With O_APPEND the end is looked up before each write: of two writers outside this description
 * one may overwrite the other.
 */
final class HostDirectoryFile extends FileDescription {
  // The platform copies what is read and written through direct memory of the same size, which it
  // then keeps for the thread.
  private static final int CHUNK = 1 << 16;

  private final HostDirectory fileSystem;
  private final HostDirectoryNode node;
  private final FileChannel channel;
  private long offset;

  HostDirectoryFile(
      HostDirectory fileSystem, HostDirectoryNode node, FileChannel channel, int flags) {
    super(flags);
    this.fileSystem = fileSystem;
    this.node = node;
    this.channel = channel;
  }

  @Override
  public FileType type() {
    return FileType.REGULAR;
  }

  @Override
  public Stat stat() throws ErrnoException {
    return fileSystem.statOpen(node, channel);
  }

  @Override
  public synchronized int read(byte[] buffer, int from, int length) throws ErrnoException {
    int count = pread(buffer, from, length, offset);
    offset += count;
    return count;
  }

  @Override
  public int pread(byte[] buffer, int from, int length, long position) throws ErrnoException {
    requirePosition(position);
    require(readable(), Errno.EBADF);
    return transfer(buffer, from, length, position, channel::read);
  }

  @Override
  public synchronized int write(byte[] buffer, int from, int length) throws ErrnoException {
    require(writable(), Errno.EBADF);
    long position = (flags() & OpenFlags.O_APPEND) != 0 ? size() : offset;
    int count = pwrite(buffer, from, length, position);
    offset = position + count;
    return count;
  }

  @Override
  public int pwrite(byte[] buffer, int from, int length, long position) throws ErrnoException {
    requirePosition(position);
    require(writable(), Errno.EBADF);
    require(position <= Long.MAX_VALUE - length, Errno.EFBIG);
    return transfer(buffer, from, length, position, channel::write);
  }

  @Override
  public synchronized long seek(long distance, Whence whence) throws ErrnoException {
    long base =
        switch (whence) {
          case SET -> 0;
          case CUR -> offset;
          case END -> size();
          case DATA, HOLE -> {
            // The host does not tell its holes: all of a file is data, and its end a hole.
            long size = size();
            require(distance >= 0 && distance < size, Errno.ENXIO);
            yield whence == Whence.DATA ? 0 : size - distance;
          }
        };
    require(distance <= 0 || base <= Long.MAX_VALUE - distance, Errno.EOVERFLOW);
    require(base + distance >= 0, Errno.EINVAL);
    offset = base + distance;
    return offset;
  }

  @Override
  public void truncate(long size) throws ErrnoException {
    requirePosition(size);
    require(writable(), Errno.EINVAL);
    HostDirectoryErrors.call(
        () -> {
          resize(channel, size);
          return null;
        });
  }

  @Override
  public void sync(boolean dataOnly) throws ErrnoException {
    HostDirectoryErrors.call(
        () -> {
          channel.force(!dataOnly);
          return null;
        });
  }

  @Override
  public void setTimes(Credentials credentials, TimeChange access, TimeChange modification)
      throws ErrnoException {
    if (access.kind() != TimeChange.Kind.OMIT || modification.kind() != TimeChange.Kind.OMIT) {
      fileSystem.setTimesOpen(node, credentials, access, modification);
    }
  }

  @Override
  protected void closed() {
    HostDirectoryStreams.closeQuietly(channel);
  }

  /** Sets a file's size; the platform itself only ever makes it smaller. */
  static void resize(FileChannel channel, long size) throws IOException {
    if (size > channel.size()) {
      channel.write(ByteBuffer.allocate(1), size - 1);
    } else {
      channel.truncate(size);
    }
  }

  private long size() throws ErrnoException {
    return HostDirectoryErrors.call(channel::size);
  }

  private interface Transfer {
    int run(ByteBuffer buffer, long position) throws IOException;
  }

  /** Reads or writes chunk by chunk; a failure after some of it is the next call's. */
  private static int transfer(byte[] buffer, int from, int length, long position, Transfer transfer)
      throws ErrnoException {
    int done = 0;
    while (done < length) {
      int start = done;
      int wanted = Math.min(CHUNK, length - start);
      int count;
      try {
        count =
            HostDirectoryErrors.call(
                () ->
                    transfer.run(ByteBuffer.wrap(buffer, from + start, wanted), position + start));
      } catch (ErrnoException e) {
        if (done == 0) {
          throw e;
        }
        break;
      }
      done += Math.max(count, 0);
      if (count < wanted) {
        break;
      }
    }
    return done;
  }

  private static void requirePosition(long position) throws ErrnoException {
    require(position >= 0, Errno.EINVAL);
  }
}
