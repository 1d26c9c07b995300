package dev.vivarium.guest;

import dev.vivarium.engine.GuestCaller;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.sys.Process;

/** A WASI command: its {@code _start} is called once, and returning from it is an exit with 0. */
public final class Command implements GuestStart {

  @Override
  public int run(Instantiator instantiator, Process process) {
    start(instantiator.begin());
    return 0;
  }

  /** Calls {@code _start}, which must be there. */
  static void start(GuestCaller guest) {
    if (!guest.exportsFunction("_start")) {
      throw new GuestTrap(
          GuestTrap.Kind.OTHER, "the module is no WASI command: it exports no function _start");
    }
    try {
      guest.call("_start");
    } catch (IllegalArgumentException e) {
      throw new GuestTrap(
          GuestTrap.Kind.OTHER, "the module is no WASI command: " + e.getMessage(), e);
    }
  }
}
