package dev.vivarium.wasi.table;

import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.open.Waker;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A stream whose input is prepared, and whose output is kept write by write. */
public final class TestDevice implements Device, Readiness {
  /** What the guest has written, one entry for each write that arrived. */
  public final List<String> writes = new ArrayList<>();

  /** What kind of file it is. */
  public FileType type = FileType.FIFO;

  /** The most that one write takes. */
  public int room = Integer.MAX_VALUE;

  /** What a write fails with; null if it does not. */
  public Errno failure;

  /** How many writes succeed before one fails. */
  public int writesUntilFailure;

  /** Events that hold beside those of the input. */
  public int moreEvents = WRITABLE;

  /** Whether it has an offset. */
  public boolean seekable;

  private final Deque<byte[]> input = new ArrayDeque<>();
  private final List<Waker> wakers = new CopyOnWriteArrayList<>();
  private boolean ended;

  /** Makes a piece of input arrive, which one read takes at most. */
  public synchronized void offer(String text) {
    input.add(text.getBytes(StandardCharsets.UTF_8));
    changed();
  }

  /** Ends the input. */
  public synchronized void end() {
    ended = true;
    changed();
  }

  private void changed() {
    notifyAll();
    wakers.forEach(Waker::wake);
  }

  @Override
  public FileType type() {
    return type;
  }

  @Override
  public boolean seekable() {
    return seekable;
  }

  @Override
  public synchronized int read(byte[] buffer, int offset, int length, boolean nonBlocking)
      throws ErrnoException, InterruptedException {
    while (input.isEmpty() && !ended) {
      if (nonBlocking) {
        throw Errno.EAGAIN.exception();
      }
      wait();
    }
    if (input.isEmpty()) {
      return 0;
    }
    byte[] piece = input.remove();
    int count = Math.min(length, piece.length);
    System.arraycopy(piece, 0, buffer, offset, count);
    if (count < piece.length) {
      input.addFirst(Arrays.copyOfRange(piece, count, piece.length));
    }
    return count;
  }

  @Override
  public synchronized int write(byte[] buffer, int offset, int length, boolean nonBlocking)
      throws ErrnoException {
    if (failure != null && writes.size() >= writesUntilFailure) {
      throw failure.exception();
    }
    int count = Math.min(length, room);
    writes.add(new String(buffer, offset, count, StandardCharsets.UTF_8));
    return count;
  }

  @Override
  public Readiness readiness() {
    return this;
  }

  @Override
  public synchronized int events() {
    return (input.isEmpty() && !ended ? 0 : READABLE) | (ended ? HANGUP : 0) | moreEvents;
  }

  @Override
  public synchronized long available() {
    return input.stream().mapToInt(piece -> piece.length).sum();
  }

  @Override
  public void watch(Waker waker) {
    wakers.add(waker);
  }

  @Override
  public void unwatch(Waker waker) {
    wakers.remove(waker);
  }

  /** How many waits are going on. */
  public int watchers() {
    return wakers.size();
  }
}
