package dev.vivarium.wasi.call;

import dev.vivarium.sys.ProcessExit;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.wasi.abi.WasiSignal;

/** The process itself. */
public final class ProcCalls {
  private ProcCalls() {}

  public static void exit(Call call) {
    throw ProcessExit.withCode(call.i32(0));
  }

  public static void raise(Call call) throws ErrnoException {
    int number = WasiSignal.toLinux(call.i32(0));
    if (number < 0) {
      throw Errno.EINVAL.exception();
    }
    call.kernel().signals().send(call.process(), call.process().pid(), number);
  }

  /** Relies on nothing: the guest says that it can wait, and the scheduler may listen. */
  @SuppressWarnings("ThreadPriorityCheck")
  public static void yieldProcessor(Call call) {
    Thread.yield();
  }
}
