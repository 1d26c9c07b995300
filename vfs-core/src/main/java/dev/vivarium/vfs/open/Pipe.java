package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A pipe: {@code pipe(7)}. Up to {@link #PIPE_BUF} bytes are written in one piece. Its lock is a
 * leaf; who waits for data or for room does not hold it.
 */
public final class Pipe {
  /** What is written in one piece. */
  public static final int PIPE_BUF = 4096;

  /** What fits in. */
  public static final int CAPACITY = 65536;

  private final PipeEnd reader;
  private final PipeEnd writer;
  private final List<Waker> watchers = new CopyOnWriteArrayList<>();
  private byte[] buffer = new byte[PIPE_BUF];
  private int first;
  private int count;
  private boolean readerOpen = true;
  private boolean writerOpen = true;

  /**
   * Makes a pipe with both ends open.
   *
   * @param flags O_NONBLOCK or 0, for both ends
   * @param stat what {@code fstat(2)} says of both
   */
  public Pipe(int flags, Stat stat) {
    int status = flags & OpenFlags.O_NONBLOCK;
    reader = new PipeEnd(this, false, OpenFlags.O_RDONLY | status, stat);
    writer = new PipeEnd(this, true, OpenFlags.O_WRONLY | status, stat);
  }

  /** The end to read from. */
  public FileDescription reader() {
    return reader;
  }

  /** The end to write to. */
  public FileDescription writer() {
    return writer;
  }

  synchronized int read(byte[] target, int offset, int length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    while (count == 0) {
      if (!writerOpen) {
        return 0;
      }
      if (nonBlocking) {
        throw Errno.EAGAIN.exception();
      }
      wait();
    }
    int taken = Math.min(length, count);
    int straight = Math.min(taken, buffer.length - first);
    System.arraycopy(buffer, first, target, offset, straight);
    System.arraycopy(buffer, 0, target, offset + straight, taken - straight);
    first = (first + taken) % buffer.length;
    count -= taken;
    changed();
    return taken;
  }

  synchronized int write(byte[] source, int offset, int length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    int done = 0;
    // What is to stay in one piece waits until all of it fits.
    int piece = length <= PIPE_BUF ? length : 1;
    while (done < length) {
      if (!readerOpen) {
        if (done > 0) {
          return done;
        }
        throw Errno.EPIPE.exception();
      }
      if (CAPACITY - count >= piece) {
        int part = Math.min(length - done, CAPACITY - count);
        put(source, offset + done, part);
        done += part;
        changed();
      } else if (nonBlocking) {
        if (done > 0) {
          return done;
        }
        throw Errno.EAGAIN.exception();
      } else {
        try {
          wait();
        } catch (InterruptedException e) {
          if (done == 0) {
            throw e;
          }
          // What has been written is told; the next wait is interrupted.
          Thread.currentThread().interrupt();
          return done;
        }
      }
    }
    return done;
  }

  private void put(byte[] source, int offset, int length) {
    if (count + length > buffer.length) {
      int size = Math.min(CAPACITY, Math.max(count + length, 2 * buffer.length));
      var larger = Arrays.copyOf(buffer, size);
      int straight = Math.min(count, buffer.length - first);
      System.arraycopy(buffer, first, larger, 0, straight);
      System.arraycopy(buffer, 0, larger, straight, count - straight);
      buffer = larger;
      first = 0;
    }
    int end = (first + count) % buffer.length;
    int straight = Math.min(length, buffer.length - end);
    System.arraycopy(source, offset, buffer, end, straight);
    System.arraycopy(source, offset + straight, buffer, 0, length - straight);
    count += length;
  }

  synchronized void closed(boolean writing) {
    if (writing) {
      writerOpen = false;
    } else {
      readerOpen = false;
      count = 0;
    }
    changed();
  }

  synchronized int events(boolean writing) {
    if (writing) {
      int events = !readerOpen || CAPACITY - count >= PIPE_BUF ? Readiness.WRITABLE : 0;
      return readerOpen ? events : events | Readiness.ERROR;
    }
    int events = count > 0 ? Readiness.READABLE : 0;
    return writerOpen ? events : events | Readiness.READABLE | Readiness.HANGUP;
  }

  synchronized int available() {
    return count;
  }

  void watch(Waker waker) {
    watchers.add(waker);
  }

  void unwatch(Waker waker) {
    watchers.remove(waker);
  }

  private void changed() {
    notifyAll();
    for (var waker : watchers) {
      waker.wake();
    }
  }
}
