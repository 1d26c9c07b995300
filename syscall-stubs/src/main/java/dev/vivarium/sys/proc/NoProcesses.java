package dev.vivarium.sys.proc;

import dev.vivarium.sys.Process;
import dev.vivarium.sys.ProcessService;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;

/** A world with one process: it cannot fork, no program can be run, and there is no child. */
public final class NoProcesses implements ProcessService {

  @Override
  public int fork(Process parent) throws ErrnoException {
    throw Errno.ENOSYS.exception();
  }

  @Override
  public int spawn(Process parent, byte[] path) throws ErrnoException {
    throw Errno.ENOEXEC.exception();
  }

  @Override
  public void execute(Process process, byte[] path) throws ErrnoException {
    throw Errno.ENOEXEC.exception();
  }

  @Override
  public int await(Process parent, int pid) throws ErrnoException {
    throw Errno.ECHILD.exception();
  }
}
