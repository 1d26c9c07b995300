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
    REMOVED,
    /** Both have it, the older one at another path. What is in a directory has come along. */
    RENAMED
  }

  private final Kind kind;
  private final TreeDiff.Spot from;
  private final TreeDiff.Spot spot;
  private final long oldInode;
  private final long newInode;
  private final boolean differs;

  Change(
      Kind kind,
      TreeDiff.Spot from,
      TreeDiff.Spot spot,
      long oldInode,
      long newInode,
      boolean differs) {
    this.kind = kind;
    this.from = from;
    this.spot = spot;
    this.oldInode = oldInode;
    this.newInode = newInode;
    this.differs = differs;
  }

  /** What became of the name. */
  public Kind kind() {
    return kind;
  }

  /** The inode number in the older snapshot; 0 if it was not there. */
  public long oldInode() {
    return oldInode;
  }

  /** The inode number in the newer snapshot; 0 if it is not there. */
  public long newInode() {
    return newInode;
  }

  /** Whether more than the path differs: content or metadata, as of what has changed. */
  public boolean differs() {
    return differs;
  }

  /**
   * How many bytes {@link #path} has, in constant time: who goes through the changes of a hostile
   * guest asks first.
   */
  public long pathLength() {
    return Math.max(1, spot.pathLength());
  }

  /**
   * The absolute path, in the older snapshot of what was removed, otherwise in the newer one: names
   * as bytes, each behind a {@code /}; the root is {@code /}.
   */
  public byte[] path() {
    return path(spot);
  }

  /** How many bytes {@link #oldPath} has, in constant time. */
  public long oldPathLength() {
    return Math.max(1, from.pathLength());
  }

  /** Of what was renamed, the path in the older snapshot; otherwise as {@link #path}. */
  public byte[] oldPath() {
    return path(from);
  }

  private static byte[] path(TreeDiff.Spot spot) {
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
    var was = from == spot ? "" : new String(oldPath(), StandardCharsets.UTF_8) + " -> ";
    return kind + " " + was + pathText();
  }
}
