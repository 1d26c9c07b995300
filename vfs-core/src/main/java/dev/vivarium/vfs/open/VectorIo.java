package dev.vivarium.vfs.open;

import static dev.vivarium.vfs.open.FileDescription.require;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import java.util.List;

/**
 * The calls with several buffers: {@code readv(2)} and its family. Whatever the buffers are, it is
 * one read or one write, of no more than Linux moves in one call. Source: Linux.
 */
public final class VectorIo {
  /** The most buffers of one call: {@code IOV_MAX}. */
  public static final int IOV_MAX = 1024;

  private static final int MAX_COUNT = 0x7fff_f000;

  private VectorIo() {}

  private interface Move {
    int of(byte[] joined) throws ErrnoException, InterruptedException;
  }

  /**
   * {@code readv(2)}: fills the buffers one after the other. Errors, in checking order: EBADF if
   * not open for reading; EINVAL for more than {@link #IOV_MAX} buffers; if there is room for
   * anything, as {@link FileDescription#read}.
   *
   * @return the bytes that were read
   */
  public static int read(FileDescription file, List<byte[]> buffers)
      throws ErrnoException, InterruptedException {
    require(file.readable(), Errno.EBADF);
    return fill(buffers, joined -> file.read(joined, 0, joined.length));
  }

  /**
   * {@code preadv(2)}. Errors, in checking order: EINVAL if {@code at} is negative; ESPIPE for what
   * has no offsets; as {@link #read}.
   */
  public static int pread(FileDescription file, List<byte[]> buffers, long at)
      throws ErrnoException, InterruptedException {
    requireOffset(file, at);
    require(file.readable(), Errno.EBADF);
    return fill(buffers, joined -> file.pread(joined, 0, joined.length, at));
  }

  /**
   * {@code writev(2)}: empties the buffers one after the other. Errors, in checking order: EBADF if
   * not open for writing; EINVAL for more than {@link #IOV_MAX} buffers; if there is anything in
   * them, as {@link FileDescription#write}.
   *
   * @return the bytes that were written
   */
  public static int write(FileDescription file, List<byte[]> buffers)
      throws ErrnoException, InterruptedException {
    require(file.writable(), Errno.EBADF);
    return drain(buffers, joined -> file.write(joined, 0, joined.length));
  }

  /**
   * {@code pwritev(2)}. Errors, in checking order: EINVAL if {@code at} is negative; ESPIPE for
   * what has no offsets; as {@link #write}.
   */
  public static int pwrite(FileDescription file, List<byte[]> buffers, long at)
      throws ErrnoException, InterruptedException {
    requireOffset(file, at);
    require(file.writable(), Errno.EBADF);
    return drain(buffers, joined -> file.pwrite(joined, 0, joined.length, at));
  }

  private static int fill(List<byte[]> buffers, Move read)
      throws ErrnoException, InterruptedException {
    var joined = new byte[total(buffers)];
    int count = joined.length == 0 ? 0 : read.of(joined);
    int done = 0;
    for (var buffer : buffers) {
      int part = Math.min(buffer.length, count - done);
      System.arraycopy(joined, done, buffer, 0, part);
      done += part;
    }
    return count;
  }

  private static int drain(List<byte[]> buffers, Move write)
      throws ErrnoException, InterruptedException {
    var joined = new byte[total(buffers)];
    int done = 0;
    for (var buffer : buffers) {
      int part = Math.min(buffer.length, joined.length - done);
      System.arraycopy(buffer, 0, joined, done, part);
      done += part;
    }
    return joined.length == 0 ? 0 : write.of(joined);
  }

  private static int total(List<byte[]> buffers) throws ErrnoException {
    require(buffers.size() <= IOV_MAX, Errno.EINVAL);
    long total = 0;
    for (var buffer : buffers) {
      total += buffer.length;
    }
    return (int) Math.min(total, MAX_COUNT);
  }

  private static void requireOffset(FileDescription file, long at) throws ErrnoException {
    require(at >= 0, Errno.EINVAL);
    boolean pipe = file.type() == FileType.FIFO && (file.flags() & OpenFlags.O_PATH) == 0;
    require(!pipe, Errno.ESPIPE);
  }
}
