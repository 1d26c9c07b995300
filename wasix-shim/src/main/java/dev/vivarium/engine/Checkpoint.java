package dev.vivarium.engine;

import java.util.List;

/**
 * A place in a module's code at which a guest can be stopped, so that its state can be kept and
 * other instances can go on from there: just before a call instruction, where the function has no
 * operands on its stack and is in no loop.
 *
 * <p>Which place is a good one takes knowledge of the module's bytes, so a checkpoint is stated
 * together with their digest.
 *
 * @param calls the functions that are active there, outermost first: one that the host calls, such
 *     as {@code _start}; the call in it that is under way; the function which that calls, and so
 *     on. The last call is the one that the guest stops at. Of those before, none may be in a loop
 *     or have other operands than its own on the stack.
 */
public record Checkpoint(List<Call> calls) {

  /**
   * A call instruction.
   *
   * @param function the index of the function that it is in
   * @param call how many call instructions of this function, in the order of its code, come before
   *     it; those that can never run are not counted
   */
  public record Call(int function, int call) {
    // Written out because a generated one makes classes when it first runs, at each start.
    @Override
    public String toString() {
      return "Call[function=" + function + ", call=" + call + "]";
    }
  }

  public Checkpoint {
    if (calls.isEmpty()) {
      throw new IllegalArgumentException("no call");
    }
    calls = List.copyOf(calls);
  }

  /** A place in a function that the host calls. */
  public static Checkpoint at(int function, int call) {
    return new Checkpoint(List.of(new Call(function, call)));
  }

  // Written out because a generated one makes classes when it first runs, at each start.
  @Override
  public String toString() {
    return "Checkpoint[calls=" + calls + "]";
  }
}
