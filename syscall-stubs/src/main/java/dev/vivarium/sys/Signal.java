package dev.vivarium.sys;

/**
 * The signals of Linux on most architectures, with what they do to a process that has no handler.
 */
public enum Signal {
  HUP(1, Action.TERMINATE),
  INT(2, Action.TERMINATE),
  QUIT(3, Action.TERMINATE),
  ILL(4, Action.TERMINATE),
  TRAP(5, Action.TERMINATE),
  ABRT(6, Action.TERMINATE),
  BUS(7, Action.TERMINATE),
  FPE(8, Action.TERMINATE),
  KILL(9, Action.TERMINATE),
  USR1(10, Action.TERMINATE),
  SEGV(11, Action.TERMINATE),
  USR2(12, Action.TERMINATE),
  PIPE(13, Action.TERMINATE),
  ALRM(14, Action.TERMINATE),
  TERM(15, Action.TERMINATE),
  STKFLT(16, Action.TERMINATE),
  CHLD(17, Action.IGNORE),
  CONT(18, Action.IGNORE),
  STOP(19, Action.STOP),
  TSTP(20, Action.STOP),
  TTIN(21, Action.STOP),
  TTOU(22, Action.STOP),
  URG(23, Action.IGNORE),
  XCPU(24, Action.TERMINATE),
  XFSZ(25, Action.TERMINATE),
  VTALRM(26, Action.TERMINATE),
  PROF(27, Action.TERMINATE),
  WINCH(28, Action.IGNORE),
  POLL(29, Action.TERMINATE),
  PWR(30, Action.TERMINATE),
  SYS(31, Action.TERMINATE);

  /** The default disposition: {@code signal(7)}. */
  public enum Action {
    TERMINATE,
    IGNORE,
    STOP
  }

  private static final Signal[] SIGNALS = values();

  private final int number;
  private final Action action;

  Signal(int number, Action action) {
    this.number = number;
    this.action = action;
  }

  public int number() {
    return number;
  }

  /** What the signal does where nothing handles it. */
  public Action action() {
    return action;
  }

  /** The signal of a number, or null if there is none. */
  public static Signal of(int number) {
    return number >= 1 && number <= SIGNALS.length ? SIGNALS[number - 1] : null;
  }
}
