package dev.vivarium.guest;

/** A command line that cannot be obeyed; the message is one line for the person who wrote it. */
public final class UsageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
