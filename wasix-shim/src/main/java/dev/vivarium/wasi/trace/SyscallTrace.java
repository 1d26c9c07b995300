package dev.vivarium.wasi.trace;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.wasi.abi.FunctionShape;

/** Observes the calls of guests. Called by any of their threads; must not throw. */
@FunctionalInterface
public interface SyscallTrace {

  /** Observes nothing, and costs nothing. */
  SyscallTrace NONE = (module, function, memory, args) -> Pending.NONE;

  /**
   * A call begins.
   *
   * @param module the name that the function was imported from
   * @param args the core values; valid until the call ends
   * @return what is told how it ends
   */
  Pending called(String module, FunctionShape function, GuestMemory memory, long[] args);

  /** Lets two observe. */
  static SyscallTrace both(SyscallTrace first, SyscallTrace second) {
    return first == NONE ? second : new BothTraces(first, second);
  }

  /** A call that has begun. Exactly one of its methods is called, once. */
  interface Pending {
    /** Is told nothing. */
    Pending NONE =
        new Pending() {
          @Override
          public void returned(long result) {}

          @Override
          public void ended(Throwable reason) {}
        };

    /**
     * The call returned.
     *
     * @param result the core result: an errno, for most functions; 0 if there is none
     */
    void returned(long result);

    /** The guest ended in the call, by exit or by a trap. */
    void ended(Throwable reason);
  }
}
