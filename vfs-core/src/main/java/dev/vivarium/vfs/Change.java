package dev.vivarium.vfs;

import dev.vivarium.vfs.tree.TreeDiff;
import java.nio.charset.StandardCharsets;

/**
 * One difference between two snapshots. The path is put together when it is asked for, since guests
 * can make trees so deep that all their paths together would not fit in memory.
 */
public final class Change {

  /** What became of a name. */
  public enum Kind {
    /** Only the newer snapshot has it. */
    ADDED,
    /** Both have it, with other content or metadata (times of access and of inode change aside). */
    CHANGED,
    /** Only the older snapshot has it. */
    REMOVED
  }

  private final Kind kind;
  private final TreeDiff.Spot spot;

  Change(Kind kind, TreeDiff.Spot spot) {
    this.kind = kind;
    this.spot = spot;
  }

  /** What became of the name. */
  public Kind kind() {
    return kind;
  }

  /**
   * How many bytes {@link #path} has, in constant time: who goes through the changes of a hostile
   * guest asks first.
   */
  public long pathLength() {
    return Math.max(1, spot.pathLength());
  }

  /** The absolute path: names as bytes, each behind a {@code /}; the root is {@code /}. */
  public byte[] path() {
    int length = Math.toIntExact(spot.pathLength());
    if (length == 0) {
      return new byte[] {'/'};
    }
    var path = new byte[length];
    int at = length;
    for (var s = spot; s.parent() != null; s = s.parent()) {
      byte[] name = s.name();
      at -= name.length;
      System.arraycopy(name, 0, path, at, name.length);
      path[--at] = '/';
    }
    return path;
  }

  /** The path for people: malformed UTF-8 replaced. */
  public String pathText() {
    return new String(path(), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return kind + " " + pathText();
  }
}
