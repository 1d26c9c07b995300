package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.tree.DirectoryWatch;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.Watchable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A watched directory and what has happened in it since it was last asked. The memory for that is
 * there from the start; what does not fit becomes one OVERFLOW.
 */
final class VfsWatchKey implements WatchKey, DirectoryWatch {
  private static final int MOST = 512;

  private final VfsWatchService service;
  private final VfsPath directory;
  private final FileKey file;
  private final Location location;
  private final List<WatchEvent.Kind<?>> kinds =
      new ArrayList<>(Arrays.asList(new WatchEvent.Kind<?>[MOST]));
  private final byte[][] names = new byte[MOST][];
  private final int[] counts = new int[MOST];
  private Set<WatchEvent.Kind<?>> wanted = Set.of();
  private int events;
  private int lost;
  private boolean signalled;
  private boolean valid = true;
  // Of the service's list, and guarded by it.
  VfsWatchKey next;

  VfsWatchKey(VfsWatchService service, VfsPath directory, FileKey file, Location location) {
    this.service = service;
    this.directory = directory;
    this.file = file;
    this.location = location;
  }

  FileKey file() {
    return file;
  }

  synchronized void want(Set<WatchEvent.Kind<?>> events) {
    wanted = events;
  }

  // ---- from the tree ------------------------------------------------------------------------

  @Override
  public void added(byte[] name) {
    tell(StandardWatchEventKinds.ENTRY_CREATE, name);
  }

  @Override
  public void removed(byte[] name) {
    tell(StandardWatchEventKinds.ENTRY_DELETE, name);
  }

  @Override
  public void changed(byte[] name) {
    tell(StandardWatchEventKinds.ENTRY_MODIFY, name);
  }

  @Override
  public synchronized void overflowed() {
    if (valid) {
      lost++;
      signal();
    }
  }

  @Override
  public synchronized void gone() {
    valid = false;
    service.forget(this);
    signal();
  }

  private synchronized void tell(WatchEvent.Kind<?> kind, byte[] name) {
    if (!valid || !wanted.contains(kind)) {
      return;
    }
    int last = events - 1;
    if (lost > 0) {
      lost++;
    } else if (last >= 0 && kinds.get(last) == kind && Arrays.equals(names[last], name)) {
      counts[last]++;
    } else if (events == MOST) {
      lost = 1;
    } else {
      kinds.set(events, kind);
      names[events] = name;
      counts[events] = 1;
      events++;
    }
    signal();
  }

  private void signal() {
    if (!signalled) {
      signalled = true;
      service.enqueue(this);
    }
  }

  // ---- for the host -------------------------------------------------------------------------

  @Override
  public synchronized boolean isValid() {
    return valid;
  }

  @Override
  public synchronized List<WatchEvent<?>> pollEvents() {
    var polled = new ArrayList<WatchEvent<?>>();
    for (int i = 0; i < events; i++) {
      var name = VfsPath.of(directory.getFileSystem(), names[i]);
      polled.add(new Event<>(kinds.get(i), name, counts[i]));
      names[i] = null;
    }
    if (lost > 0) {
      polled.add(new Event<>(StandardWatchEventKinds.OVERFLOW, null, lost));
    }
    events = 0;
    lost = 0;
    return polled;
  }

  @Override
  public synchronized boolean reset() {
    if (valid && signalled) {
      signalled = false;
      if (events > 0 || lost > 0) {
        signal();
      }
    }
    return valid;
  }

  @Override
  public void cancel() {
    synchronized (location.mount().table().lock()) {
      location.mount().fileSystem().unwatch(location.ino(), this);
      synchronized (this) {
        valid = false;
      }
    }
    service.forget(this);
  }

  @Override
  public Watchable watchable() {
    return directory;
  }

  /** Something that happened, as often as it did so in a row. */
  private static final class Event<T> implements WatchEvent<T> {
    private final Kind<T> kind;
    private final Path context;
    private final int count;

    Event(Kind<T> kind, Path context, int count) {
      this.kind = kind;
      this.context = context;
      this.count = count;
    }

    @Override
    public Kind<T> kind() {
      return kind;
    }

    @Override
    @SuppressWarnings("unchecked") // Of the kinds there are, one has contexts: paths.
    public T context() {
      return (T) context;
    }

    @Override
    public int count() {
      return count;
    }
  }
}
