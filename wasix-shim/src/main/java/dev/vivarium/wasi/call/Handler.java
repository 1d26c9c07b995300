package dev.vivarium.wasi.call;

import dev.vivarium.vfs.posix.ErrnoException;

/** The body of a function. */
@FunctionalInterface
public interface Handler {
  /**
   * Serves one call, and {@link Call#give gives} its results unless it fails.
   *
   * @throws ErrnoException what the guest is told
   * @throws InterruptedException if the guest's thread was interrupted while it waited
   */
  void serve(Call call) throws ErrnoException, InterruptedException;
}
