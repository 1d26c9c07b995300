package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What flows through a pipe or a FIFO, and who is at its ends: {@code pipe(7)}. Up to {@link
 * Pipe#PIPE_BUF} bytes are written in one piece. Its lock is a leaf; who waits for data, for room
 * or for the other side does not hold it.
 */
final class PipeBuffer {
  private final OpenFiles pipes;
  private final List<Waker> watchers = new CopyOnWriteArrayList<>();
  private byte[] buffer = new byte[Pipe.PIPE_BUF];
  private int capacity = Pipe.CAPACITY;
  private int first;
  private int count;
  private int readers;
  private int writers;
  private long readerOpens;
  private long writerOpens;

  /**
   * A buffer without ends.
   *
   * @param pipes counts it until its last end is closed
   * @throws ErrnoException ENFILE if there are too many pipes
   */
  PipeBuffer(OpenFiles pipes) throws ErrnoException {
    this.pipes = pipes;
    pipes.acquire();
  }

  synchronized int read(byte[] target, int offset, int length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    while (count == 0) {
      if (writers == 0) {
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
    int piece = length <= Pipe.PIPE_BUF ? length : 1;
    while (done < length) {
      if (readers == 0) {
        if (done > 0) {
          return done;
        }
        throw Errno.EPIPE.exception();
      }
      if (capacity - count >= piece) {
        int part = Math.min(length - done, capacity - count);
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

  /**
   * Waits until there is anything to read, or nobody is left who would write.
   *
   * @throws ErrnoException EAGAIN
   */
  synchronized void awaitData(boolean nonBlocking) throws ErrnoException, InterruptedException {
    while (count == 0 && writers > 0) {
      if (nonBlocking) {
        throw Errno.EAGAIN.exception();
      }
      wait();
    }
  }

  /**
   * Waits until there is room for anything.
   *
   * @throws ErrnoException EPIPE; EAGAIN
   */
  synchronized void awaitRoom(boolean nonBlocking) throws ErrnoException, InterruptedException {
    while (readers > 0 && count >= capacity) {
      if (nonBlocking) {
        throw Errno.EAGAIN.exception();
      }
      wait();
    }
    if (readers == 0) {
      throw Errno.EPIPE.exception();
    }
  }

  /** Writes what there is room for, not in one piece; 0 if there is none. */
  synchronized int writeWhatFits(byte[] source, int offset, int length) {
    int part = Math.max(0, Math.min(length, capacity - count));
    if (part > 0) {
      put(source, offset, part);
      changed();
    }
    return part;
  }

  /** Puts back what has been read but not used, though there may be no room for it any more. */
  synchronized void unread(byte[] source, int offset, int length) {
    if (length > 0) {
      var joined = new byte[Math.max(buffer.length, length + count)];
      System.arraycopy(source, offset, joined, 0, length);
      int straight = Math.min(count, buffer.length - first);
      System.arraycopy(buffer, first, joined, length, straight);
      System.arraycopy(buffer, 0, joined, length + straight, count - straight);
      buffer = joined;
      first = 0;
      count += length;
      changed();
    }
  }

  private void put(byte[] source, int offset, int length) {
    if (count + length > buffer.length) {
      int size = Math.max(count + length, Math.min(capacity, 2 * buffer.length));
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

  /** Opens an end, or both. */
  synchronized void open(boolean reads, boolean writes) {
    if (reads) {
      readers++;
      readerOpens++;
    }
    if (writes) {
      writers++;
      writerOpens++;
    }
    changed();
  }

  /** Closes an end, or both. */
  synchronized void close(boolean reads, boolean writes) {
    readers -= reads ? 1 : 0;
    writers -= writes ? 1 : 0;
    if (!isOpen()) {
      for (int i = 0; i < places(capacity); i++) {
        pipes.release();
      }
    }
    changed();
  }

  /** How many pipes of the usual size one of this size counts for. */
  private static int places(int size) {
    return Math.max(1, size / Pipe.CAPACITY);
  }

  /** What fits in. */
  synchronized int capacity() {
    return capacity;
  }

  /**
   * Makes room for so much, or only for so much.
   *
   * @throws ErrnoException EPERM if that is more than there may be; EBUSY if more is in it
   */
  synchronized void setCapacity(int size) throws ErrnoException {
    int more = Math.max(0, places(size) - places(capacity));
    int taken = 0;
    boolean done = false;
    try {
      for (; taken < more; taken++) {
        pipes.acquire();
      }
      if (count > size) {
        throw Errno.EBUSY.exception();
      }
      for (int i = places(size); i < places(capacity); i++) {
        pipes.release();
      }
      capacity = size;
      done = true;
    } catch (ErrnoException e) {
      throw (e.errno() == Errno.ENFILE ? Errno.EPERM : e.errno()).exception();
    } finally {
      for (; !done && taken > 0; taken--) {
        pipes.release();
      }
    }
    changed();
  }

  /** Whether any end is open. */
  synchronized boolean isOpen() {
    return readers + writers > 0;
  }

  synchronized boolean hasReaders() {
    return readers > 0;
  }

  synchronized boolean hasWriters() {
    return writers > 0;
  }

  /** How often the end to read from has been opened. */
  synchronized long readerOpens() {
    return readerOpens;
  }

  /** How often the end to write to has been opened. */
  synchronized long writerOpens() {
    return writerOpens;
  }

  /** Waits until somebody has opened the end to read from more than {@code opens} times. */
  synchronized void awaitReader(long opens) throws InterruptedException {
    while (readerOpens == opens) {
      wait();
    }
  }

  /** Waits until somebody has opened the end to write to more than {@code opens} times. */
  synchronized void awaitWriter(long opens) throws InterruptedException {
    while (writerOpens == opens) {
      wait();
    }
  }

  /**
   * The events of the end to read from.
   *
   * @param opens those of the other end that this one knows of: if there was none since, nobody has
   *     hung up
   */
  synchronized int readerEvents(long opens) {
    int events = count > 0 ? Readiness.READABLE : 0;
    boolean hungUp = writers == 0 && writerOpens != opens;
    return hungUp ? events | Readiness.READABLE | Readiness.HANGUP : events;
  }

  /** The events of the end to write to. */
  synchronized int writerEvents() {
    if (readers == 0) {
      return Readiness.WRITABLE | Readiness.ERROR;
    }
    return capacity - count >= Pipe.PIPE_BUF ? Readiness.WRITABLE : 0;
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
