package dev.vivarium.cli;

/** A command cannot go on: one line for people, and the exit status that goes with it. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What was asked for is right, and a program of the box has failed at it. */
  static final int STEP = 1;

  /** Wrong usage: a bad option, a missing operand, a file that is none of ours. */
  static final int USAGE = 2;

  /** What was asked for is right, and a program of the box has taken too long for it. */
  static final int TIMEOUT = 124;

  /** What was asked for is right, and we cannot do it: npm, network, cache, disk. */
  static final int HOST = 125;

  private final int status;

  private Failure(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  static Failure usage(String message) {
    return new Failure(USAGE, message);
  }

  static Failure host(String message) {
    return new Failure(HOST, message);
  }

  /** With the status of a command that cannot be started; see {@code ExecException}. */
  static Failure of(int status, String message) {
    return new Failure(status, message);
  }

  int status() {
    return status;
  }
}
