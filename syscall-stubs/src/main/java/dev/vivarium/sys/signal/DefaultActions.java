package dev.vivarium.sys.signal;

import dev.vivarium.sys.Process;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.sys.Signal;
import dev.vivarium.sys.SignalService;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;

/**
 * Signals without handlers: a process can only signal itself, and gets the default action. Stopping
 * is not supported, because nothing could continue the process.
 */
public final class DefaultActions implements SignalService {

  @Override
  public void send(Process sender, int pid, int number) throws ErrnoException {
    var signal = Signal.of(number);
    if (signal == null && number != 0) {
      throw Errno.EINVAL.exception();
    }
    if (pid != sender.pid()) {
      throw Errno.ESRCH.exception();
    }
    if (signal == null || signal.action() == Signal.Action.IGNORE) {
      return;
    }
    if (signal.action() == Signal.Action.STOP) {
      throw Errno.EOPNOTSUPP.exception();
    }
    throw ProcessExit.bySignal(signal);
  }

  @Override
  public void setTimer(Process process, long intervalNanos, boolean repeat) throws ErrnoException {
    if (intervalNanos != 0) {
      throw Errno.ENOSYS.exception();
    }
  }
}
