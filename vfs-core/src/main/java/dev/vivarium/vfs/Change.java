package dev.vivarium.vfs;

import dev.vivarium.vfs.posix.PathLimit;
import dev.vivarium.vfs.tree.TreeDiff;
import java.nio.charset.StandardCharsets;

/**
 * One difference between two snapshots. The path is put together when it is asked for, since guests
 * can make trees so deep that all their paths together would not fit in memory.
 */
public final class Change {
  private static final int MOST_SHOWN = (int) PathLimit.PATH_MAX.value();

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
    return spot.parent() == null ? new byte[] {'/'} : end(spot, Math.toIntExact(spot.pathLength()));
  }

  /** The last bytes of a path, which has so many or more. */
  private static byte[] end(TreeDiff.Spot spot, int length) {
    var path = new byte[length];
    int at = length;
    for (var s = spot; at > 0; s = s.parent()) {
      byte[] name = s.name();
      int count = Math.min(at, name.length);
      at -= count;
      System.arraycopy(name, name.length - count, path, at, count);
      if (at > 0) {
        path[--at] = '/';
      }
    }
    return path;
  }

  /** The path for people: malformed UTF-8 replaced. */
  public String pathText() {
    return new String(path(), StandardCharsets.UTF_8);
  }

  /**
   * A line for people, with {@link #pathText}, of which there is the end where it is longer than a
   * path can be that a call takes. As a guest may make as many changes as its quota lets it, they
   * are printed one by one.
   */
  @Override
  public String toString() {
    var was = from == spot ? "" : shortened(from) + " -> ";
    return kind + " " + was + shortened(spot);
  }

  private static String shortened(TreeDiff.Spot spot) {
    boolean whole = spot.pathLength() < MOST_SHOWN;
    var path = new String(whole ? path(spot) : end(spot, MOST_SHOWN), StandardCharsets.UTF_8);
    return whole ? path : "..." + path;
  }
}
