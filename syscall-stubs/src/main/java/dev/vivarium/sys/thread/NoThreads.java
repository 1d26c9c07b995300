package dev.vivarium.sys.thread;

import dev.vivarium.sys.Process;
import dev.vivarium.sys.ThreadService;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;

/** A world with one thread for each process: another is refused as for want of resources. */
public final class NoThreads implements ThreadService {

  @Override
  public int spawn(Process process, ThreadBody body) throws ErrnoException {
    throw Errno.EAGAIN.exception();
  }

  @Override
  public int parallelism() {
    return 1;
  }
}
