package dev.vivarium.sys;

import dev.vivarium.vfs.posix.ErrnoException;

/** Threads of a guest. */
public interface ThreadService {

  /**
   * Starts a thread that runs {@code body} with the new thread's id.
   *
   * @return the new thread's id, above 0
   * @throws ErrnoException EAGAIN if no thread can be had ({@code pthread_create(3)})
   */
  int spawn(Process process, ThreadBody body) throws ErrnoException;

  /**
   * The threads that may run at once: what {@code sysconf(_SC_NPROCESSORS_ONLN)} tells; at least 1.
   */
  int parallelism();

  /** What a new thread does. */
  @FunctionalInterface
  interface ThreadBody {
    void run(int threadId);
  }
}
