package dev.vivarium.engine;

/** A trap: the guest has ended, and nothing but the guest. */
public final class GuestTrap extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a guest trapped; the names follow the core specification's. */
  public enum Kind {
    UNREACHABLE,
    MEMORY_OUT_OF_BOUNDS,
    TABLE_OUT_OF_BOUNDS,
    UNINITIALIZED_ELEMENT,
    INDIRECT_CALL_TYPE_MISMATCH,
    INTEGER_DIVIDE_BY_ZERO,
    INTEGER_OVERFLOW,
    INVALID_CONVERSION_TO_INTEGER,
    UNCAUGHT_EXCEPTION,
    /** The call stack of the guest's thread is used up. */
    STACK_EXHAUSTED,
    /** An import without any errno to give was called, and no host function stands behind it. */
    UNSUPPORTED_IMPORT,
    /** The guest's thread was interrupted: a deadline, or the sandbox was closed. */
    INTERRUPTED,
    /** Any other way in which the engine stopped the guest. */
    OTHER
  }

  private final Kind kind;

  public GuestTrap(Kind kind, String message) {
    this(kind, message, null);
  }

  public GuestTrap(Kind kind, String message, Throwable cause) {
    super(message, cause, false, false);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
