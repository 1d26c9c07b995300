package dev.vivarium.engine.split;

/** The bytes are not a wasm module that this reader can follow. */
final class MalformedModuleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedModuleException(String message) {
    super(message, null, false, false);
  }
}
