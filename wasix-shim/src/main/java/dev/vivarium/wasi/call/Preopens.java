package dev.vivarium.wasi.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which descriptors are preopened directories, so that {@code fd_prestat_get} knows them: at first
 * descriptor 3, which is the root, and perhaps some behind it. One that is closed or replaced is
 * none any more, even if a directory gets its number later.
 */
final class Preopens {
  private static final int ROOT = 3;

  private final Map<Integer, byte[]> names = new HashMap<>();

  /**
   * What is preopened at the start.
   *
   * @param behindRoot absolute paths, from descriptor 4 on
   */
  Preopens(List<String> behindRoot) {
    names.put(ROOT, new byte[] {'/'});
    for (var path : behindRoot) {
      names.put(ROOT + names.size(), path.getBytes(UTF_8));
    }
  }

  /** The name of a preopened directory, or null if the descriptor is none. */
  synchronized byte[] name(int fd) {
    return names.get(fd);
  }

  synchronized void closed(int fd) {
    names.remove(fd);
  }

  synchronized void moved(int from, int to) {
    var name = names.remove(from);
    if (name == null) {
      names.remove(to);
    } else {
      names.put(to, name);
    }
  }
}
