package dev.vivarium.conformance.bench;

/** The command line asks for what cannot be done; the message is one line for people. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
