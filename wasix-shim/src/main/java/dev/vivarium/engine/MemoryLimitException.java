package dev.vivarium.engine;

/** A module needs more memory from the start than its limit allows, or than the host has. */
public final class MemoryLimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MemoryLimitException(String message) {
    super(message);
  }
}
