package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What flows through a pipe or a FIFO, and who is at its ends: {@code pipe(7)}. Up to {@link
 * Pipe#PIPE_BUF} bytes are written in one piece. Its lock is a leaf; who waits for data, for room
 * or for the other side does not hold it.
 */
final class PipeBuffer {
  private final OpenFiles pipes;
  private final Wakers watchers = new Wakers();
  private final Deque<PipePage> pages = new ArrayDeque<>();
  private int capacity = Pipe.CAPACITY;
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
    awaitData(nonBlocking);
    int done = 0;
    while (done < length && count > 0) {
      var page = pages.getFirst();
      int part = page.copyTo(target, offset + done, length - done);
      page.skip(part);
      if (page.count() == 0) {
        pages.removeFirst();
      }
      count -= part;
      done += part;
    }
    if (done > 0) {
      changed();
    }
    return done;
  }

  synchronized int write(byte[] source, int offset, int length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    requireReaders();
    // What does not fill a page is behind the last one, or takes one of its own: so what is to
    // stay in one piece does.
    int done = extend(source, offset, length % PipePage.SIZE);
    while (done < length) {
      if (readers == 0) {
        if (done > 0) {
          return done;
        }
        throw Errno.EPIPE.exception();
      }
      if (hasRoom()) {
        int part = Math.min(length - done, PipePage.SIZE);
        try {
          add(PipePage.written(source, offset + done, part));
        } catch (OutOfMemoryError e) {
          if (done == 0) {
            throw e;
          }
          // What has been written is told; the next write fails.
          return done;
        }
        done += part;
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

  private int extend(byte[] source, int offset, int length) {
    if (length == 0 || count == 0 || !pages.getLast().append(source, offset, length)) {
      return 0;
    }
    count += length;
    changed();
    return length;
  }

  private void add(PipePage page) {
    pages.addLast(page);
    count += page.count();
    changed();
  }

  private boolean hasRoom() {
    return pages.size() < capacity / PipePage.SIZE;
  }

  private void requireReaders() throws ErrnoException {
    if (readers == 0) {
      throw Errno.EPIPE.exception();
    }
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
    while (readers > 0 && !hasRoom()) {
      if (nonBlocking) {
        throw Errno.EAGAIN.exception();
      }
      wait();
    }
    requireReaders();
  }

  /** How many pages there is room for. */
  synchronized int room() {
    return Math.max(0, capacity / PipePage.SIZE - pages.size());
  }

  /**
   * Takes out what is there, once there is any, up to so many bytes and pages.
   *
   * @throws ErrnoException EAGAIN
   */
  synchronized Deque<PipePage> take(long length, int most, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    awaitData(nonBlocking);
    var taken = new ArrayDeque<PipePage>();
    long left = length;
    while (left > 0 && count > 0 && taken.size() < most) {
      var first = pages.getFirst();
      var page = first.count() <= left ? pages.removeFirst() : first.split((int) left);
      taken.addLast(page);
      count -= page.count();
      left -= page.count();
    }
    changed();
    return taken;
  }

  /**
   * Puts back what has been taken out but not used, though there may be no room for it any more.
   */
  synchronized void giveBack(Deque<PipePage> taken) {
    while (!taken.isEmpty()) {
      var page = taken.removeLast();
      count += page.count();
      if (pages.isEmpty() || !pages.getFirst().join(page)) {
        pages.addFirst(page);
      }
    }
    changed();
  }

  /** Puts in the pages that there is room for; says how many bytes they are. */
  synchronized int put(Deque<PipePage> more) {
    int done = 0;
    while (!more.isEmpty() && hasRoom()) {
      var page = more.removeFirst();
      done += page.count();
      add(page);
    }
    return done;
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
   * @param size in bytes; whole pages
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
      if (pages.size() > size / PipePage.SIZE) {
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
    return hasRoom() ? Readiness.WRITABLE : 0;
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
    watchers.wake();
  }
}
