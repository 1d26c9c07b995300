package dev.vivarium.vfs.mount;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A part of a directory's names, in the order of their cookies.
 *
 * <p>A cookie is a hash of the name: it stays valid while other entries come and go and needs no
 * memory of what a guest has read, as on the filesystems of Linux that hash their directories. Two
 * names with one hash can be told apart by nothing; in 62 bits that does not happen by chance, and
 * who makes it happen hides a name of his own from himself.
 */
final class HostDirectoryListing {
  /** What is held of a directory at once, however large it is. */
  private static final int WINDOW = 1 << 15;

  /** Cookies up to this one belong to {@code .} and {@code ..}. */
  static final long DOTS = 2;

  /** A name and its place. */
  record Entry(long cookie, byte[] name, Path hostName) {}

  private final long from;
  private final long to;
  private final List<Entry> entries;

  private HostDirectoryListing(long from, long to, List<Entry> entries) {
    this.from = from;
    this.to = to;
    this.entries = entries;
  }

  /** Reads the names behind a cookie, as many as are held at once. */
  static HostDirectoryListing read(
      SecureDirectoryStream<Path> directory, Path self, HostDirectoryNames names, long cookie)
      throws IOException {
    var order = Comparator.comparingLong(Entry::cookie);
    var window = new PriorityQueue<Entry>(order.reversed());
    boolean complete = true;
    // A stream lists its directory once; so each listing is made through a stream of its own.
    try (var stream = directory.newDirectoryStream(self, LinkOption.NOFOLLOW_LINKS)) {
      for (var path : stream) {
        byte[] name = names.toGuest(path);
        long place = cookie(name);
        if (place > cookie) {
          window.add(new Entry(place, name, path.getFileName()));
          if (window.size() > WINDOW) {
            window.remove();
            complete = false;
          }
        }
      }
    }
    var entries = new ArrayList<>(window);
    entries.sort(order);
    long to = complete ? Long.MAX_VALUE : entries.get(entries.size() - 1).cookie();
    return new HostDirectoryListing(cookie, to, entries);
  }

  /** Whether what follows a cookie is in this part. */
  boolean covers(long cookie) {
    return from <= cookie && cookie < to;
  }

  /** Whether nothing follows this part. */
  boolean isLast() {
    return to == Long.MAX_VALUE;
  }

  /** The last cookie of this part, unless it is the last part. */
  long to() {
    return to;
  }

  /** The entries behind a cookie. */
  List<Entry> after(long cookie) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.get(middle).cookie() <= cookie) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return entries.subList(low, entries.size());
  }

  /** FNV-1a, its bits mixed once more; positive, and above {@link #DOTS}. */
  private static long cookie(byte[] name) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : name) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    hash = (hash ^ (hash >>> 32)) * 0xD6E8FEB86659FD93L;
    hash ^= hash >>> 32;
    return (hash >>> 2) | (1L << 62);
  }
}
