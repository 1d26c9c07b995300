package dev.vivarium.sys;

import dev.vivarium.vfs.posix.ErrnoException;

/** How processes make processes, and wait for them. */
public interface ProcessService {

  /**
   * {@code fork(2)}.
   *
   * @return the child's pid
   * @throws ErrnoException ENOSYS where there is no fork
   */
  int fork(Process parent) throws ErrnoException;

  /**
   * {@code posix_spawn(3)}.
   *
   * @return the child's pid
   * @throws ErrnoException ENOEXEC where no program can be run
   */
  int spawn(Process parent, byte[] path) throws ErrnoException;

  /**
   * {@code execve(2)}: does not return if it succeeds.
   *
   * @throws ErrnoException ENOEXEC where no program can be run
   */
  void execute(Process process, byte[] path) throws ErrnoException;

  /**
   * {@code waitpid(2)}.
   *
   * @param pid the child, or -1 for any
   * @return the pid of the child that ended
   * @throws ErrnoException ECHILD if there is no such child
   */
  int await(Process parent, int pid) throws ErrnoException;
}
