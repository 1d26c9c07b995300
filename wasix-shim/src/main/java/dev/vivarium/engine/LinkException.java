package dev.vivarium.engine;

/** A module and the imports it was given do not fit together. */
public final class LinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LinkException(String message) {
    super(message);
  }
}
