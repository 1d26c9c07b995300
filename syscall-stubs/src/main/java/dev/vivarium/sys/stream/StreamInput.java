package dev.vivarium.sys.stream;

import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.open.Waker;
import dev.vivarium.vfs.open.Wakers;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.io.IOException;
import java.io.InputStream;

/**
 * A host stream as a guest's standard input.
 *
 * <p>A read from a host stream cannot be interrupted, so a daemon thread of this object does it,
 * from the first time that the guest reads or polls, and at most one buffer ahead. The guest waits
 * for the buffer, and its wait ends when its thread is interrupted.
 */
public final class StreamInput implements Device, Readiness {
  private static final int CAPACITY = 64 * 1024;

  private final InputStream source;
  private final FileType type;
  private final Wakers wakers = new Wakers();

  // All guarded by this.
  private final byte[] buffer = new byte[CAPACITY];
  private int from;
  private int to;
  private boolean ended;
  private boolean failed;
  private boolean started;
  private boolean closed;

  /**
   * @param terminal whether the guest is to see a terminal; else it sees a pipe
   */
  public StreamInput(InputStream source, boolean terminal) {
    this.source = source;
    this.type = terminal ? FileType.CHARACTER_DEVICE : FileType.FIFO;
  }

  @Override
  public FileType type() {
    return type;
  }

  @Override
  public synchronized int read(byte[] target, int offset, int length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    if (length == 0) {
      return 0;
    }
    start();
    while (from == to && !ended) {
      if (nonBlocking) {
        throw Errno.EAGAIN.exception();
      }
      wait();
    }
    if (from == to) {
      if (failed) {
        throw Errno.EIO.exception();
      }
      return 0;
    }
    int count = Math.min(length, to - from);
    System.arraycopy(buffer, from, target, offset, count);
    from += count;
    if (from == to) {
      notifyAll();
    }
    return count;
  }

  @Override
  public Readiness readiness() {
    return this;
  }

  @Override
  public synchronized int events() {
    start();
    // Whether the end has been seen behind what is left is the pump's secret: a guest that polls
    // twice is to get the same answer twice.
    if (from < to) {
      return READABLE;
    }
    return ended ? READABLE | HANGUP : 0;
  }

  @Override
  public synchronized long available() {
    return to - from;
  }

  @Override
  public void watch(Waker waker) {
    wakers.add(waker);
  }

  @Override
  public void unwatch(Waker waker) {
    wakers.remove(waker);
  }

  /**
   * Ends the thread, as soon as the host stream lets go of it. What it has read ahead and the guest
   * has not read is lost; the host stream stays open. A later read finds the end.
   */
  public synchronized void close() {
    closed = true;
    ended = true;
    from = to;
    notifyAll();
  }

  private void start() {
    if (!started && !closed) {
      var pump = new Thread(this::pump, "vivarium-stdin");
      pump.setDaemon(true);
      pump.start();
      started = true;
    }
  }

  private void pump() {
    try {
      var chunk = new byte[CAPACITY];
      int count;
      while ((count = source.read(chunk)) >= 0) {
        if (count > 0 && !offer(chunk, count)) {
          return;
        }
      }
      end(false);
    } catch (IOException | RuntimeException | Error e) {
      // Whatever it is: a guest that waits would wait for ever.
      end(true);
    } catch (InterruptedException e) {
      end(false);
    }
  }

  /** Hands a chunk over once the one before has been read; false if nobody wants it any more. */
  private boolean offer(byte[] chunk, int count) throws InterruptedException {
    synchronized (this) {
      while (from < to && !closed) {
        wait();
      }
      if (closed) {
        return false;
      }
      System.arraycopy(chunk, 0, buffer, 0, count);
      from = 0;
      to = count;
      notifyAll();
    }
    wakers.wake();
    return true;
  }

  private void end(boolean withFailure) {
    synchronized (this) {
      ended = true;
      failed = withFailure;
      notifyAll();
    }
    wakers.wake();
  }
}
