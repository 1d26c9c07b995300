package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** A name of a {@link PathFileSystem} that the guest has seen, and the inode that it stands for. */
final class PathNode implements Node {
  private final long ino;
  private final PathContent content = new PathContent();
  private final Map<Path, PathNode> children = new HashMap<>();
  private PathNode parent;
  private byte[] name;
  private Path hostName;
  private Stat stat;
  private int pins;

  /**
   * @param hostName the path of the top, or the last component of any other
   */
  PathNode(PathNode parent, byte[] name, Path hostName, Stat stat) {
    this.ino = stat.ino();
    this.parent = parent;
    this.name = name;
    this.hostName = hostName;
    this.stat = stat;
  }

  @Override
  public long ino() {
    return ino;
  }

  @Override
  public int mode() {
    return stat.mode();
  }

  @Override
  public int uid() {
    return 0;
  }

  @Override
  public int gid() {
    return 0;
  }

  /** The directory that it is in; null for the top, and for what is gone. */
  PathNode parent() {
    return parent;
  }

  byte[] name() {
    return name;
  }

  PathContent content() {
    return content;
  }

  /** The names in it that have been seen. */
  Map<Path, PathNode> children() {
    return children;
  }

  Stat stat() {
    return stat;
  }

  void seenAs(Stat newStat) {
    stat = newStat;
  }

  /** Where it is now. */
  Path path() {
    var names = new ArrayDeque<Path>();
    var top = this;
    for (; top.parent != null; top = top.parent) {
      names.push(top.hostName);
    }
    var path = top.hostName;
    for (var each : names) {
      path = path.resolve(each);
    }
    return path;
  }

  void movedTo(PathNode newParent, byte[] newName, Path newHostName) {
    parent.children.remove(hostName);
    parent = newParent;
    name = newName;
    hostName = newHostName;
    parent.children.put(hostName, this);
  }

  void removed() {
    parent.children.remove(hostName);
    parent = null;
  }

  void pin() {
    pins++;
  }

  void unpin() {
    pins--;
  }

  boolean isPinned() {
    return pins > 0;
  }
}
