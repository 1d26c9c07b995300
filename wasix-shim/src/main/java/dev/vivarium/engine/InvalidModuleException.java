package dev.vivarium.engine;

import java.io.IOException;

/** The bytes are no WebAssembly module, or one with features that the engine lacks. */
public final class InvalidModuleException extends IOException {
  private static final long serialVersionUID = 1L;

  public InvalidModuleException(String message, Throwable cause) {
    super(message, cause);
  }
}
