package dev.vivarium.image.exec;

import java.io.IOException;

/** A command of a box cannot be started. The message is one line for people. */
public final class ExecException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  private final int status;

  private ExecException(int status, String message) {
    super(message);
    this.status = status;
  }

  static ExecException notFound(String message) {
    return new ExecException(NOT_FOUND, message);
  }

  static ExecException notExecutable(String message) {
    return new ExecException(NOT_EXECUTABLE, message);
  }

  /** As a shell has it: 127 for what is not there, 126 for what is there and cannot be run. */
  public int status() {
    return status;
  }
}
