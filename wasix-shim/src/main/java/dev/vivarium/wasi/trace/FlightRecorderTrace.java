package dev.vivarium.wasi.trace;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Returns;
import dev.vivarium.wasi.abi.WasiErrno;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/**
 * Tells Flight Recorder of the calls that take long: of 1 ms and more, if the recording sets no
 * other threshold for {@code vivarium.Syscall}. What an interpreter does at its start is seen if it
 * does start.
 */
public final class FlightRecorderTrace implements SyscallTrace {

  @Override
  public Pending called(String module, FunctionShape function, GuestMemory memory, long[] args) {
    var event = new SyscallEvent();
    if (!event.isEnabled()) {
      return Pending.NONE;
    }
    event.module = module;
    event.function = function.name();
    event.begin();
    return new Call(event, function.returns().core());
  }

  /** A call that has begun. */
  private record Call(SyscallEvent event, Returns.Core core) implements Pending {
    @Override
    public void returned(long result) {
      event.end();
      if (event.shouldCommit()) {
        event.result =
            switch (core) {
              case NOTHING -> "";
              case VALUE -> Integer.toString((int) result);
              case ERRNO -> WasiErrno.name((int) result);
            };
        event.commit();
      }
    }

    @Override
    public void ended(Throwable reason) {
      event.result = "?";
      event.commit();
    }
  }

  /** A call of a guest's. */
  @Name("vivarium.Syscall")
  @Label("System Call")
  @Description("A call of a guest's that took long")
  @Category("Vivarium")
  @StackTrace(false)
  @Threshold("1 ms")
  private static final class SyscallEvent extends Event {
    @Label("Module")
    String module;

    @Label("Function")
    String function;

    @Label("Result")
    @Description("An errno, or a value; ? if the guest ended in the call")
    String result;
  }
}
