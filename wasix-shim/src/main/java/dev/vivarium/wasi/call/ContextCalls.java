package dev.vivarium.wasi.call;

import dev.vivarium.engine.GuestTrap;

/** WASIX: saved stacks, for {@code setjmp} of guests without wasm exceptions. */
public final class ContextCalls {
  private ContextCalls() {}

  /** The first return of {@code setjmp}, which is all that most guests ever see of it. */
  public static void checkpoint(Call call) {
    call.give(0);
  }

  /** The function cannot fail, and returning would run what the guest left behind. */
  public static void restore(Call call) {
    throw new GuestTrap(
        GuestTrap.Kind.UNSUPPORTED_IMPORT,
        "the guest called stack_restore (longjmp), which this host does not have;"
            + " build the guest with wasm exceptions");
  }
}
