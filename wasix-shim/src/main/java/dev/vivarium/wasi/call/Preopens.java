package dev.vivarium.wasi.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * Which descriptors are preopened directories, so that {@code fd_prestat_get} knows them: at first
 * descriptor 3, which is the root, and perhaps some behind it. One that is closed or replaced is
 * none any more, even if a directory gets its number later. Only to make it takes memory.
 */
final class Preopens {
  private static final int ROOT = 3;
  private static final int NONE = -1;

  private final byte[][] names;
  private final int[] descriptors;

  /**
   * What is preopened at the start.
   *
   * @param behindRoot absolute paths, from descriptor 4 on
   */
  Preopens(List<String> behindRoot) {
    names = new byte[1 + behindRoot.size()][];
    descriptors = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = i == 0 ? new byte[] {'/'} : behindRoot.get(i - 1).getBytes(UTF_8);
      descriptors[i] = ROOT + i;
    }
  }

  /** The name of a preopened directory, or null if the descriptor is none. */
  synchronized byte[] name(int fd) {
    int index = index(fd);
    return index < 0 ? null : names[index];
  }

  synchronized void closed(int fd) {
    int index = index(fd);
    if (index >= 0) {
      descriptors[index] = NONE;
    }
  }

  synchronized void moved(int from, int to) {
    if (from == to) {
      return;
    }
    closed(to);
    int index = index(from);
    if (index >= 0) {
      descriptors[index] = to;
    }
  }

  private int index(int fd) {
    for (int i = 0; i < descriptors.length; i++) {
      if (descriptors[i] == fd && fd >= 0) {
        return i;
      }
    }
    return -1;
  }
}
