package dev.vivarium.vfs.open;

import static dev.vivarium.vfs.open.FileDescription.require;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The calls that move content from one description to another, step by step through a buffer of
 * bounded size. An interrupt between two steps ends them short.
 *
 * <p>Where a call takes an offset, {@link #OFFSET} stands for the description's own one, which then
 * moves; with any other the description's own offset stays.
 */
public final class Transfer {
  /** Stands for a description's own offset: the null pointer of the system calls. */
  public static final long OFFSET = Long.MIN_VALUE;

  // What Linux moves in one call.
  private static final long MAX_COUNT = 0x7fff_f000L;
  private static final int STEP = 1 << 16;

  private Transfer() {}

  /**
   * {@code copy_file_range(2)}, without flags. Source: Linux. Errors, in checking order:
   *
   * <ol>
   *   <li>EISDIR if either is a directory; EINVAL if either is no regular file
   *   <li>EBADF if not open for reading or writing, or for writing with O_APPEND
   *   <li>EOVERFLOW if an end is no unsigned number; EINVAL for an offset that is negative; EFBIG
   *   <li>EINVAL if the ranges overlap within one file
   *   <li>as reading and writing, if nothing has been copied
   * </ol>
   *
   * @param length as the unsigned number that it is
   * @return the bytes that were copied; 0 at the end of the file
   */
  public static long copyRange(
      FileDescription in, long inAt, FileDescription out, long outAt, long length)
      throws ErrnoException {
    requireCopyable(in, out);
    long from = inAt == OFFSET ? in.seek(0, Whence.CUR) : inAt;
    long to = outAt == OFFSET ? out.seek(0, Whence.CUR) : outAt;
    // As Linux has it, with numbers that wrap around.
    require(!wraps(from, length) && !wraps(to, length), Errno.EOVERFLOW);
    require(from >= 0 && to >= 0, Errno.EINVAL);
    var source = in.stat();
    long count = length < 0 ? Long.MAX_VALUE : length;
    count = Math.max(0, Math.min(count, source.size() - from));
    if (to == Long.MAX_VALUE) {
      throw Errno.EFBIG.exception();
    }
    count = Math.min(count, Long.MAX_VALUE - to);
    var target = out.stat();
    boolean sameFile = source.ino() == target.ino() && source.dev() == target.dev();
    if (sameFile && to + count > from && to < from + count) {
      throw Errno.EINVAL.exception();
    }
    long done = copyRegular(in, from, out, to, Math.min(count, MAX_COUNT));
    advance(in, inAt, from + done);
    advance(out, outAt, to + done);
    return done;
  }

  /**
   * Gives a file the content of another one, of the same filesystem in memory or of any other: both
   * share it until either is written. It is charged as if it had been copied. As FICLONE of {@code
   * ioctl_ficlone(2)}, but that a longer file becomes shorter, and that nothing is too far. Errors,
   * in checking order:
   *
   * <ol>
   *   <li>EISDIR if either is a directory; EINVAL if either is no regular file
   *   <li>EBADF if not open for reading or writing, or for writing with O_APPEND
   *   <li>EOPNOTSUPP if either is not in memory
   *   <li>ENOSPC, EDQUOT, and nothing has changed
   * </ol>
   */
  public static void cloneFile(FileDescription in, FileDescription out) throws ErrnoException {
    requireCopyable(in, out);
    if (in instanceof RegularFileDescription from && out instanceof RegularFileDescription to) {
      to.cloneFrom(from);
    } else {
      throw Errno.EOPNOTSUPP.exception();
    }
  }

  private static void requireCopyable(FileDescription in, FileDescription out)
      throws ErrnoException {
    requireRegular(in, out);
    require(
        in.readable() && out.writable() && (out.flags() & OpenFlags.O_APPEND) == 0, Errno.EBADF);
  }

  private static void requireRegular(FileDescription in, FileDescription out)
      throws ErrnoException {
    if (((in.flags() | out.flags()) & OpenFlags.O_PATH) != 0) {
      throw Errno.EBADF.exception();
    }
    if (in.type() == FileType.DIRECTORY || out.type() == FileType.DIRECTORY) {
      throw Errno.EISDIR.exception();
    }
    if (in.type() != FileType.REGULAR || out.type() != FileType.REGULAR) {
      throw Errno.EINVAL.exception();
    }
  }

  private static boolean wraps(long at, long length) {
    return Long.compareUnsigned(at + length, at) < 0;
  }

  private static long copyRegular(
      FileDescription in, long from, FileDescription out, long to, long count)
      throws ErrnoException {
    var buffer = new byte[(int) Math.min(STEP, count)];
    long done = 0;
    try {
      while (done < count && !(done > 0 && Thread.currentThread().isInterrupted())) {
        int wanted = (int) Math.min(buffer.length, count - done);
        int read = in.pread(buffer, 0, wanted, from + done);
        int written = read == 0 ? 0 : out.pwrite(buffer, 0, read, to + done);
        done += written;
        if (written == 0 || written < read) {
          break;
        }
      }
    } catch (ErrnoException e) {
      if (done == 0) {
        throw e;
      }
    }
    return done;
  }

  /**
   * {@code sendfile(2)}. Source: Linux. Errors, in checking order:
   *
   * <ol>
   *   <li>EBADF if {@code in} is not open for reading; ESPIPE for an offset in what has none
   *   <li>EINVAL if offset or length is negative, or their sum too large
   *   <li>EBADF if {@code out} is not open for writing; EINVAL if it is with O_APPEND
   *   <li>EINVAL if {@code in} is neither a regular file nor a device that can seek
   *   <li>as reading and writing, if nothing has been sent
   * </ol>
   *
   * @return the bytes that were sent; 0 at the end of {@code in}
   * @throws InterruptedException if the thread was interrupted while it waited; nothing was sent
   */
  public static long sendFile(FileDescription out, FileDescription in, long inAt, long length)
      throws ErrnoException, InterruptedException {
    require(in.readable(), Errno.EBADF);
    require(inAt == OFFSET || isSeekable(in) || in.type() == FileType.DIRECTORY, Errno.ESPIPE);
    long from = inAt == OFFSET ? ownOffset(in) : inAt;
    requireRange(from, length);
    require(out.writable(), Errno.EBADF);
    if (out instanceof PipeEnd end) {
      return fileToPipe(in, inAt, end.pipe, length, end.nonBlocking());
    }
    require((out.flags() & OpenFlags.O_APPEND) == 0, Errno.EINVAL);
    require(isSeekable(in), Errno.EINVAL);
    long count = Math.min(length, MAX_COUNT);
    var buffer = new byte[(int) Math.min(STEP, count)];
    long done = 0;
    try {
      // To send nothing is an access, too.
      do {
        int wanted = (int) Math.min(buffer.length, count - done);
        int read = in.pread(buffer, 0, wanted, from + done);
        int written = read == 0 ? 0 : out.write(buffer, 0, read);
        done += written;
        if (written == 0 || written < read) {
          break;
        }
      } while (done < count && !Thread.currentThread().isInterrupted());
    } catch (ErrnoException e) {
      if (done == 0) {
        throw e;
      }
    } catch (InterruptedException e) {
      if (done == 0) {
        throw e;
      }
      // What has been sent is told; the next wait is interrupted.
      Thread.currentThread().interrupt();
    }
    advance(in, inAt, from + done);
    return done;
  }

  /**
   * {@code splice(2)} of a length above 0; one of the two is a pipe. What cannot be written stays
   * in the pipe. Source: Linux. Errors, in checking order:
   *
   * <ol>
   *   <li>EBADF with O_PATH; ESPIPE for an offset in a pipe; EBADF if not open for reading or
   *       writing
   *   <li>EINVAL if neither is a pipe, or both are the same, or {@code out} is open with O_APPEND
   *   <li>EINVAL if offset or length is negative, or their sum too large
   *   <li>EPIPE if nobody reads the pipe; EAGAIN if it would have to wait; EINVAL if the other side
   *       cannot be read
   *   <li>as reading and writing, if nothing has been moved
   * </ol>
   *
   * @param nonBlocking SPLICE_F_NONBLOCK
   * @return the bytes that were moved; 0 at the end
   * @throws InterruptedException if the thread was interrupted while it waited; nothing was moved
   */
  public static long splice(
      FileDescription in,
      long inAt,
      FileDescription out,
      long outAt,
      long length,
      boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    require(((in.flags() | out.flags()) & OpenFlags.O_PATH) == 0, Errno.EBADF);
    var source = in instanceof PipeEnd end ? end.pipe : null;
    var target = out instanceof PipeEnd end ? end.pipe : null;
    require(source == null || inAt == OFFSET, Errno.ESPIPE);
    require(target == null || outAt == OFFSET, Errno.ESPIPE);
    require(in.readable() && out.writable(), Errno.EBADF);
    if (source != null && target != null) {
      require(source != target, Errno.EINVAL);
      boolean waits = !(nonBlocking || in.nonBlocking() || out.nonBlocking());
      return pipeToPipe(source, target, length, !waits);
    }
    if (source != null) {
      return pipeToFile(source, out, outAt, length, nonBlocking || in.nonBlocking());
    }
    require(target != null, Errno.EINVAL);
    return fileToPipe(in, inAt, target, length, nonBlocking || out.nonBlocking());
  }

  private static long pipeToPipe(
      PipeBuffer source, PipeBuffer target, long length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    long moved;
    boolean any;
    do {
      source.awaitData(nonBlocking);
      target.awaitRoom(nonBlocking);
      // A length is unsigned here.
      var pages = source.take(length < 0 ? Long.MAX_VALUE : length, target.room(), nonBlocking);
      any = !pages.isEmpty();
      moved = target.put(pages);
      source.giveBack(pages);
      // Somebody else may have taken the room.
    } while (moved == 0 && any);
    return moved;
  }

  private static long pipeToFile(
      PipeBuffer source, FileDescription out, long outAt, long length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    require((out.flags() & OpenFlags.O_APPEND) == 0, Errno.EINVAL);
    require(outAt == OFFSET || isSeekable(out), Errno.EINVAL);
    requireRange(outAt == OFFSET ? ownOffset(out) : outAt, length);
    long count = Math.min(length, MAX_COUNT);
    var buffer = new byte[(int) Math.min(STEP, count)];
    long done = 0;
    while (done < count) {
      // Only the first step waits.
      int wanted = (int) Math.min(buffer.length, count - done);
      Deque<PipePage> pages;
      try {
        pages = source.take(wanted, Integer.MAX_VALUE, nonBlocking || done > 0);
      } catch (ErrnoException e) {
        if (done == 0) {
          throw e;
        }
        break;
      }
      int read = 0;
      for (var page : pages) {
        read += page.copyTo(buffer, read, wanted);
      }
      int written = 0;
      try {
        written =
            outAt == OFFSET
                ? out.write(buffer, 0, read)
                : out.pwrite(buffer, 0, read, outAt + done);
      } catch (ErrnoException e) {
        if (done == 0) {
          throw e;
        }
      } finally {
        source.giveBack(unused(pages, written));
      }
      done += written;
      if (written == 0 || written < read) {
        break;
      }
    }
    return done;
  }

  private static Deque<PipePage> unused(Deque<PipePage> pages, int used) {
    int left = used;
    while (left > 0 && left >= pages.getFirst().count()) {
      left -= pages.removeFirst().count();
    }
    if (left > 0) {
      pages.getFirst().skip(left);
    }
    return pages;
  }

  private static long fileToPipe(
      FileDescription in, long inAt, PipeBuffer target, long length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    require(inAt == OFFSET || isSeekable(in), Errno.EINVAL);
    long from = inAt == OFFSET ? ownOffset(in) : inAt;
    requireRange(from, length);
    var buffer = new byte[(int) Math.min(STEP, length)];
    int read;
    int written;
    do {
      target.awaitRoom(nonBlocking);
      if (length == 0) {
        return 0;
      }
      require(isSeekable(in), Errno.EINVAL);
      read = in.pread(buffer, 0, buffer.length, from);
      written = target.put(pagesOf(buffer, read, from));
      // Somebody else may have taken the room.
    } while (written == 0 && read > 0);
    advance(in, inAt, from + written);
    return written;
  }

  /** What was read of a file, as it lies on the file's pages. */
  private static Deque<PipePage> pagesOf(byte[] content, int length, long at) {
    var pages = new ArrayDeque<PipePage>();
    int start = (int) (at % PipePage.SIZE);
    for (int done = 0; done < length; start = 0) {
      int part = Math.min(length - done, PipePage.SIZE - start);
      pages.addLast(PipePage.ofFile(content, done, part, start));
      done += part;
    }
    return pages;
  }

  /** Whether it can be read and written at an offset. */
  private static boolean isSeekable(FileDescription description) {
    return description.type() == FileType.REGULAR
        || (description instanceof DeviceDescription device && device.seekable());
  }

  /** The offset of what has one that counts. */
  private static long ownOffset(FileDescription description) throws ErrnoException {
    return description.type() == FileType.REGULAR ? description.seek(0, Whence.CUR) : 0;
  }

  private static void advance(FileDescription file, long at, long to) throws ErrnoException {
    if (at == OFFSET && file.type() == FileType.REGULAR) {
      file.seek(to, Whence.SET);
    }
  }

  private static void requireRange(long at, long length) throws ErrnoException {
    require(at >= 0 && length >= 0 && length <= Long.MAX_VALUE - at, Errno.EINVAL);
  }
}
