package dev.vivarium.sys;

/**
 * Ends the process from inside a system call, by unwinding its stack. Control flow, not an error;
 * no handler catches it.
 */
public final class ProcessExit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;
  private final Signal signal;

  private ProcessExit(int code, Signal signal) {
    super(null, null, false, false);
    this.code = code;
    this.signal = signal;
  }

  /** The process called {@code exit}. The code is the guest's, all 32 bits. */
  public static ProcessExit withCode(int code) {
    return new ProcessExit(code, null);
  }

  /** A signal ended the process. */
  public static ProcessExit bySignal(Signal signal) {
    return new ProcessExit(128 + signal.number(), signal);
  }

  /** The exit code; 128 + number for a signal. */
  public int code() {
    return code;
  }

  /** The signal that ended it, or null. */
  public Signal signal() {
    return signal;
  }
}
