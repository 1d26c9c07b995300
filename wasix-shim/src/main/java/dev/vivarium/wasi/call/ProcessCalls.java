package dev.vivarium.wasi.call;

import dev.vivarium.sys.ProcessExit;
import dev.vivarium.sys.Signal;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.wasi.abi.WasiErrno;

/** WASIX: processes and signals. Its signals have the numbers of Linux. */
public final class ProcessCalls {
  private ProcessCalls() {}

  public static void id(Call call) {
    call.give(call.process().pid());
  }

  public static void parent(Call call) throws ErrnoException {
    if (call.i32(0) != call.process().pid()) {
      throw Errno.ESRCH.exception();
    }
    call.give(call.process().parentPid());
  }

  public static void fork(Call call) throws ErrnoException {
    call.give(call.kernel().processes().fork(call.process()));
  }

  public static void spawn(Call call) throws ErrnoException {
    call.give(call.kernel().processes().spawn(call.process(), call.path(0)));
  }

  public static void execute(Call call) throws ErrnoException {
    call.kernel().processes().execute(call.process(), call.path(0));
  }

  /** As {@link #execute}, for the functions that cannot tell a failure: it ends the process. */
  public static void executeOrExit(Call call) {
    try {
      execute(call);
    } catch (ErrnoException e) {
      throw ProcessExit.withCode(WasiErrno.of(e.errno()));
    }
  }

  public static void signal(Call call) throws ErrnoException {
    call.kernel().signals().send(call.process(), call.i32(0), call.i32(1));
  }

  /** The only thread has the id of the process. */
  public static void signalThread(Call call) throws ErrnoException {
    if (call.i32(0) != call.process().pid()) {
      throw Errno.ESRCH.exception();
    }
    signal(call);
  }

  public static void setTimer(Call call) throws ErrnoException {
    if (call.i32(0) != Signal.ALRM.number()) {
      throw Errno.EINVAL.exception();
    }
    call.kernel().signals().setTimer(call.process(), call.i64(1), call.i32(2) != 0);
  }

  /** No disposition is inherited. An errno would end every guest before its main function. */
  public static void dispositionCount(Call call) {
    call.give(0);
  }

  /** None of them; see {@link #dispositionCount}. */
  public static void dispositions(Call call) {}

  /** Names the export that handles signals. None is ever delivered to it. */
  public static void setHandler(Call call) {}
}
