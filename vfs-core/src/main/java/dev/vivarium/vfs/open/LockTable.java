package dev.vivarium.vfs.open;

import dev.vivarium.vfs.open.FileLocks.Held;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.RecordLock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The locks on files: those of {@code fcntl(2)}, whose owner is a process or an open file
 * description, and those of {@code flock(2)}, which do not know of the others. They are no part of
 * a snapshot.
 *
 * <p>Its monitor is a leaf; who waits for a lock holds nothing, and is interruptible.
 */
public final class LockTable {
  private final int limit;
  private final Map<Object, FileLocks> files = new HashMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private int count;
  // Read without the monitor: who has never locked anything need not look for locks.
  private volatile boolean used;

  /** A process that waits, and whom for. */
  private record Waiting(Object owner, Object blocker) {}

  /**
   * @param limit the most locks
   */
  public LockTable(int limit) {
    this.limit = limit;
  }

  /**
   * Sets or, with {@link LockType#NONE}, removes a record lock.
   *
   * @param file what is locked
   * @param detectsDeadlock whether a wait in a circle is refused: that of a process
   * @throws ErrnoException EAGAIN if another lock is in the way, and it shall not wait; EDEADLK;
   *     ENOLCK
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  synchronized void set(Object file, Held wanted, boolean waits, boolean detectsDeadlock)
      throws ErrnoException, InterruptedException {
    used = true;
    while (wanted.type() != LockType.NONE) {
      var locks = files.get(file);
      var conflict = locks == null ? null : locks.recordConflict(wanted);
      if (conflict == null) {
        break;
      }
      if (!waits) {
        throw Errno.EAGAIN.exception();
      }
      if (detectsDeadlock && waitsFor(conflict.owner(), wanted.owner())) {
        throw Errno.EDEADLK.exception();
      }
      await(wanted, conflict);
    }
    var locks = files.computeIfAbsent(file, f -> new FileLocks());
    try {
      var changed = locks.recordsWith(wanted);
      int more = changed.size() - locks.recordCount();
      requireRoom(more);
      locks.setRecords(changed);
      count += more;
    } finally {
      forgetIfEmpty(file, locks);
    }
    notifyAll();
  }

  /** The lock that is in the way of another; of type {@link LockType#NONE} if there is none. */
  synchronized RecordLock find(Object file, Held wanted) {
    var locks = files.get(file);
    var conflict = locks == null ? null : locks.recordConflict(wanted);
    if (conflict == null) {
      return new RecordLock(LockType.NONE, wanted.start(), length(wanted), 0);
    }
    return new RecordLock(conflict.type(), conflict.start(), length(conflict), conflict.pid());
  }

  private static long length(Held held) {
    return held.end() == Long.MAX_VALUE ? 0 : held.end() - held.start() + 1;
  }

  /**
   * {@code flock(2)}: sets, changes or removes the owner's lock on the whole file. As on Linux, a
   * change gives the old lock back first, also if it then fails.
   *
   * @throws ErrnoException EAGAIN if another lock is in the way, and it shall not wait; ENOLCK
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  synchronized void setWhole(Object file, Held wanted, boolean waits)
      throws ErrnoException, InterruptedException {
    used = true;
    var before = files.get(file);
    var old = before == null ? null : before.wholeOf(wanted.owner());
    if (old != null && old.type() == wanted.type()) {
      return;
    }
    if (old != null) {
      before.removeWhole(old);
      count--;
      forgetIfEmpty(file, before);
      notifyAll();
    }
    if (wanted.type() == LockType.NONE) {
      return;
    }
    while (true) {
      var locks = files.get(file);
      var conflict = locks == null ? null : locks.wholeConflict(wanted);
      if (conflict == null) {
        break;
      }
      if (!waits) {
        throw Errno.EAGAIN.exception();
      }
      await(wanted, conflict);
    }
    requireRoom(1);
    files.computeIfAbsent(file, f -> new FileLocks()).addWhole(wanted);
    count++;
  }

  /** Takes from a process all its record locks on a file: it has closed a descriptor of it. */
  void releaseRecords(OpenNode node, Object owner) {
    if (used) {
      release(node.lockKey(), owner, false);
    }
  }

  /** Takes from an open file description all its locks: it has been closed. */
  void releaseAll(OpenNode node, Object owner) {
    if (used) {
      release(node.lockKey(), owner, true);
    }
  }

  private synchronized void release(Object file, Object owner, boolean wholeToo) {
    var locks = files.get(file);
    if (locks == null) {
      return;
    }
    int before = locks.count();
    locks.removeRecordsOf(owner);
    var whole = wholeToo ? locks.wholeOf(owner) : null;
    if (whole != null) {
      locks.removeWhole(whole);
    }
    count += locks.count() - before;
    forgetIfEmpty(file, locks);
    notifyAll();
  }

  private void await(Held wanted, Held conflict) throws InterruptedException {
    var wait = new Waiting(wanted.owner(), conflict.owner());
    waiting.add(wait);
    try {
      wait();
    } finally {
      waiting.remove(wait);
    }
  }

  /** Whether one waits for another, directly or by way of others. */
  private boolean waitsFor(Object owner, Object other) {
    Object at = owner;
    // As many steps as there are waits lead through every chain that is no circle of its own.
    for (int steps = waiting.size(); steps >= 0; steps--) {
      if (at == other) {
        return true;
      }
      Object next = null;
      for (var wait : waiting) {
        if (wait.owner == at) {
          next = wait.blocker;
        }
      }
      if (next == null) {
        return false;
      }
      at = next;
    }
    return false;
  }

  private void requireRoom(int more) throws ErrnoException {
    if (more > limit - count) {
      throw Errno.ENOLCK.exception();
    }
  }

  private void forgetIfEmpty(Object file, FileLocks locks) {
    if (locks.isEmpty()) {
      files.remove(file);
    }
  }

  /** How many locks there are. */
  public synchronized int count() {
    return count;
  }
}
