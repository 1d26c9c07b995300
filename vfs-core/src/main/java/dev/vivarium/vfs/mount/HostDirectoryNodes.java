package dev.vivarium.vfs.mount;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The nodes by number. There is one node for an inode as long as anybody holds it; what nobody
 * holds and nobody has looked at lately is forgotten, so that a guest that wanders through a large
 * directory takes no memory for it. Guarded by the lock of the tree.
 */
final class HostDirectoryNodes {
  private static final int RECENT = 4096;

  // More of these: a process's working directory is held by its number alone.
  private static final int RECENT_DIRECTORIES = 1 << 16;

  private final Map<Long, Entry> all = new HashMap<>();
  private final ReferenceQueue<HostDirectoryNode> collected = new ReferenceQueue<>();
  private final Map<Long, Pin> pins = new HashMap<>();
  private final Recent recent = new Recent(RECENT);
  private final Recent recentDirectories = new Recent(RECENT_DIRECTORIES);

  private static final class Entry extends WeakReference<HostDirectoryNode> {
    final long ino;

    Entry(HostDirectoryNode node, ReferenceQueue<HostDirectoryNode> queue) {
      super(node, queue);
      this.ino = node.ino();
    }
  }

  private static final class Recent extends LinkedHashMap<Long, HostDirectoryNode> {
    private static final long serialVersionUID = 1L;

    private final int limit;

    Recent(int limit) {
      super(16, 0.75f, true);
      this.limit = limit;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, HostDirectoryNode> eldest) {
      return size() > limit;
    }
  }

  private static final class Pin {
    final HostDirectoryNode node;
    int count;

    Pin(HostDirectoryNode node) {
      this.node = node;
    }
  }

  /** The node with a number; that of a removed inode as long as it is pinned. Null if unknown. */
  HostDirectoryNode get(long ino) {
    var entry = all.get(ino);
    var node = entry == null ? null : entry.get();
    if (node != null) {
      recent(node).put(ino, node);
      return node;
    }
    var pin = pins.get(ino);
    return pin == null ? null : pin.node;
  }

  /** Makes a node the one with its number. */
  void put(HostDirectoryNode node) {
    for (var gone = (Entry) collected.poll(); gone != null; gone = (Entry) collected.poll()) {
      all.remove(gone.ino, gone);
    }
    all.put(node.ino(), new Entry(node, collected));
    recent(node).put(node.ino(), node);
  }

  /** An inode has lost its name: its number may be another's from now on. */
  void remove(HostDirectoryNode node) {
    node.removed();
    var entry = all.get(node.ino());
    if (entry != null && entry.refersTo(node)) {
      all.remove(node.ino());
      recent(node).remove(node.ino());
    }
  }

  private Recent recent(HostDirectoryNode node) {
    return node.isDirectory() ? recentDirectories : recent;
  }

  void pin(long ino) {
    var pin = pins.get(ino);
    if (pin == null) {
      pin = new Pin(get(ino));
      pins.put(ino, pin);
    }
    pin.count++;
  }

  void unpin(long ino) {
    var pin = pins.get(ino);
    if (pin != null && --pin.count == 0) {
      pins.remove(ino);
    }
  }
}
