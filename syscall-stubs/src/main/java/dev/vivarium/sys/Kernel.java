package dev.vivarium.sys;

import dev.vivarium.vfs.Vfs;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * What the processes of one sandbox share: the filesystem, the time, the entropy, the limits and
 * the services. Nothing ambient: all of it is handed in.
 *
 * @param entropy the source of every random byte that a guest sees; used under its own monitor
 */
public record Kernel(
    Vfs vfs,
    Clock clock,
    RandomGenerator entropy,
    Limits limits,
    ThreadService threads,
    SignalService signals,
    Network network,
    ProcessService processes) {

  public Kernel {
    Objects.requireNonNull(vfs);
    Objects.requireNonNull(clock);
    Objects.requireNonNull(entropy);
    Objects.requireNonNull(limits);
    Objects.requireNonNull(threads);
    Objects.requireNonNull(signals);
    Objects.requireNonNull(network);
    Objects.requireNonNull(processes);
  }

  /** {@code getrandom(2)}: fills the buffer. */
  public void fillRandom(byte[] buffer, int offset, int length) {
    synchronized (entropy) {
      int at = offset;
      int end = offset + length;
      while (at < end) {
        long bits = entropy.nextLong();
        for (int i = 0; i < Long.BYTES && at < end; i++) {
          buffer[at++] = (byte) (bits >>> (8 * i));
        }
      }
    }
  }
}
