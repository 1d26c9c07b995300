package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.LockType;
import java.util.ArrayList;
import java.util.List;

/** The locks on one inode. Guarded by its {@link LockTable}. */
final class FileLocks {
  /** Who has a lock that is an open file description's. */
  static final int NO_PID = -1;

  /**
   * A lock on the bytes from {@code start} to {@code end}, both included.
   *
   * @param owner compared by identity
   */
  record Held(Object owner, int pid, LockType type, long start, long end) {

    /** Whether this is in the way of another; to ask with NONE finds one's own. */
    boolean conflictsWith(Held wanted) {
      if (wanted.type == LockType.NONE) {
        return owner == wanted.owner && overlaps(wanted);
      }
      return owner != wanted.owner
          && (type == LockType.WRITE || wanted.type == LockType.WRITE)
          && overlaps(wanted);
    }

    boolean overlaps(Held other) {
      return start <= other.end && other.start <= end;
    }

    /** Whether the two make one range: they overlap, or one begins where the other ends. */
    boolean touches(Held other) {
      return (start == 0 || start - 1 <= other.end) && (other.start == 0 || other.start - 1 <= end);
    }

    Held within(long newStart, long newEnd) {
      return new Held(owner, pid, type, newStart, newEnd);
    }
  }

  /** Of {@code fcntl}, ordered by their starts. */
  private List<Held> records = new ArrayList<>();

  /** Of {@code flock}, each on the whole file; a kind of its own. */
  private final List<Held> whole = new ArrayList<>();

  boolean isEmpty() {
    return records.isEmpty() && whole.isEmpty();
  }

  int count() {
    return records.size() + whole.size();
  }

  /** The first record lock that is in the way of another, or null. */
  Held recordConflict(Held wanted) {
    return conflict(records, wanted);
  }

  /** The first flock that is in the way of another, or null. */
  Held wholeConflict(Held wanted) {
    return conflict(whole, wanted);
  }

  private static Held conflict(List<Held> locks, Held wanted) {
    for (var held : locks) {
      if (held.conflictsWith(wanted)) {
        return held;
      }
    }
    return null;
  }

  /**
   * What the record locks would be with another, or without a range: those of the owner that it
   * touches are joined, replaced or cut. Changes nothing.
   */
  List<Held> recordsWith(Held wanted) {
    var result = new ArrayList<Held>(records.size() + 2);
    var joined = wanted;
    for (var held : records) {
      if (held.owner() != wanted.owner()) {
        result.add(held);
      } else if (held.type() == wanted.type() && held.touches(wanted)) {
        joined =
            joined.within(
                Math.min(joined.start(), held.start()), Math.max(joined.end(), held.end()));
      } else if (held.overlaps(wanted)) {
        if (held.start() < wanted.start()) {
          result.add(held.within(held.start(), wanted.start() - 1));
        }
        if (held.end() > wanted.end()) {
          result.add(held.within(wanted.end() + 1, held.end()));
        }
      } else {
        result.add(held);
      }
    }
    if (wanted.type() != LockType.NONE) {
      result.add(joined);
    }
    result.sort((a, b) -> Long.compare(a.start(), b.start()));
    return result;
  }

  int recordCount() {
    return records.size();
  }

  void setRecords(List<Held> changed) {
    records = changed;
  }

  /** The flock of an owner, or null. */
  Held wholeOf(Object owner) {
    for (var held : whole) {
      if (held.owner() == owner) {
        return held;
      }
    }
    return null;
  }

  void addWhole(Held held) {
    whole.add(held);
  }

  void removeWhole(Held held) {
    whole.remove(held);
  }

  /** Takes all record locks from an owner; whether it had any. */
  boolean removeRecordsOf(Object owner) {
    return records.removeIf(held -> held.owner() == owner);
  }
}
