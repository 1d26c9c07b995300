package dev.vivarium.engine.split;

/** A function uses a construct that is not taken apart: it is left as it is. */
final class UnsupportedFunctionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedFunctionException(String what) {
    super(what, null, false, false);
  }
}
