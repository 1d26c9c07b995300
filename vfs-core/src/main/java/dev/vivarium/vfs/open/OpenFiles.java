package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.concurrent.atomic.AtomicInteger;

/** The number of open file descriptions, or of pipes, and its limit. */
public final class OpenFiles {
  private final int limit;
  private final AtomicInteger open = new AtomicInteger();

  public OpenFiles(int limit) {
    this.limit = limit;
  }

  /**
   * Takes a place, before a description is made.
   *
   * @throws ErrnoException ENFILE
   */
  public void acquire() throws ErrnoException {
    if (open.incrementAndGet() > limit) {
      open.decrementAndGet();
      throw Errno.ENFILE.exception();
    }
  }

  /** Gives a place back. */
  public void release() {
    open.decrementAndGet();
  }

  /** How many are open. */
  public int count() {
    return open.get();
  }
}
