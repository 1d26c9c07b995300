package dev.vivarium.engine.chicory;

/**
 * Carries what a host function threw through the frames of the guest and of the engine, neither of
 * which may take it for something of their own.
 */
final class HandlerFailure extends Error {
  private static final long serialVersionUID = 1L;

  HandlerFailure(Throwable cause) {
    super(null, cause, false, false);
  }

  /** Throws the cause as it was, declared or not. */
  RuntimeException unwrapped() {
    return HandlerFailure.<RuntimeException>raise(getCause());
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException raise(Throwable cause) throws T {
    throw (T) cause;
  }
}
