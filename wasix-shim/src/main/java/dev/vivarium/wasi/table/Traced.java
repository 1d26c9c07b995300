package dev.vivarium.wasi.table;

import dev.vivarium.engine.GuestCaller;
import dev.vivarium.engine.HostImport;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.trace.SyscallTrace;

/** A core function that a trace observes. */
record Traced(String module, FunctionShape shape, HostImport.Handler handler, SyscallTrace trace)
    implements HostImport.Handler {

  @Override
  public long call(GuestCaller caller, long[] args) {
    var pending = trace.called(module, shape, caller.memory(), args);
    long result;
    try {
      result = handler.call(caller, args);
    } catch (RuntimeException | Error e) {
      pending.ended(e);
      throw e;
    }
    pending.returned(result);
    return result;
  }
}
