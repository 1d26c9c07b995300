package dev.vivarium.wasi.trace;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.wasi.abi.FunctionShape;

/** Two observers, the first of which hears of everything first. */
record BothTraces(SyscallTrace first, SyscallTrace second) implements SyscallTrace {

  @Override
  public Pending called(String module, FunctionShape function, GuestMemory memory, long[] args) {
    var one = first.called(module, function, memory, args);
    var other = second.called(module, function, memory, args);
    return new Pending() {
      @Override
      public void returned(long result) {
        one.returned(result);
        other.returned(result);
      }

      @Override
      public void ended(Throwable reason) {
        one.ended(reason);
        other.ended(reason);
      }
    };
  }
}
