package dev.vivarium.wasi.abi;

import dev.vivarium.sys.Signal;

/**
 * The signal numbers of preview1: those of Linux without SIGSTKFLT, so that 16 to 30 are shifted.
 */
public final class WasiSignal {
  private static final int LAST = 30;

  private WasiSignal() {}

  /** The number that Linux gives to a signal of preview1; -1 if there is no such signal. */
  public static int toLinux(int number) {
    if (number < 0 || number > LAST) {
      return -1;
    }
    return number < Signal.STKFLT.number() ? number : number + 1;
  }
}
