package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import java.nio.file.Path;

/**
 * A file of the host that the guest has seen: its identity, where it was when last seen, and what
 * it looked like. Guarded by the lock of the tree.
 */
final class HostDirectoryNode implements Node {
  private final long ino;
  private final Object key;
  private final FileType type;
  private HostDirectoryNode parent;
  private byte[] name;
  private Path hostName;
  private Stat stat;

  HostDirectoryNode(Object key, Stat stat) {
    this.ino = stat.ino();
    this.key = key;
    this.type = stat.type();
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

  /** Every file of the host is root's for the guest. */
  @Override
  public int uid() {
    return 0;
  }

  @Override
  public int gid() {
    return 0;
  }

  @Override
  public FileType type() {
    return type;
  }

  /** What tells it from all other files of the host. */
  Object key() {
    return key;
  }

  /** The directory that it was last seen in; null for the root, and once it has been removed. */
  HostDirectoryNode parent() {
    return parent;
  }

  /** Its name there; null for the root. */
  byte[] name() {
    return name;
  }

  Path hostName() {
    return hostName;
  }

  /** As it was last seen. */
  Stat lastSeen() {
    return stat;
  }

  void seenAt(HostDirectoryNode newParent, byte[] newName, Path newHostName) {
    parent = newParent;
    name = newName.clone();
    hostName = newHostName;
  }

  void seenAs(Stat newStat) {
    stat = newStat;
  }

  /** It has lost the name that is known of it. */
  void removed() {
    parent = null;
  }
}
