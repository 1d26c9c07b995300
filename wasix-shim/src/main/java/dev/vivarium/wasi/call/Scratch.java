package dev.vivarium.wasi.call;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The buffer between a guest's memory and a file: bounded, whatever length the guest names, and
 * kept for the next call. A second thread that comes meanwhile gets one of its own.
 */
final class Scratch {
  static final int SIZE = 64 * 1024;

  private final AtomicReference<byte[]> idle = new AtomicReference<>();

  byte[] take() {
    var buffer = idle.getAndSet(null);
    return buffer != null ? buffer : new byte[SIZE];
  }

  void giveBack(byte[] buffer) {
    idle.lazySet(buffer);
  }
}
