package dev.vivarium.wasi.call;

import java.util.BitSet;

/**
 * Which descriptors are preopened directories, so that {@code fd_prestat_get} knows them: at first
 * descriptor 3, which is the root. One that is closed or replaced is none any more, even if a
 * directory gets its number later.
 */
final class Preopens {
  /** The one preopen's descriptor at the start. */
  static final int ROOT = 3;

  /** The one preopen's name. */
  static final byte[] NAME = {'/'};

  private final BitSet descriptors = new BitSet();

  Preopens() {
    descriptors.set(ROOT);
  }

  synchronized boolean contains(int fd) {
    return fd >= 0 && descriptors.get(fd);
  }

  synchronized void closed(int fd) {
    descriptors.clear(fd);
  }

  synchronized void moved(int from, int to) {
    boolean preopen = descriptors.get(from);
    descriptors.clear(from);
    descriptors.set(to, preopen);
  }
}
