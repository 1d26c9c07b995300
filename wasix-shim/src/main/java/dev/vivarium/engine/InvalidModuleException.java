package dev.vivarium.engine;

import java.io.IOException;

/** The bytes are no WebAssembly module, or one with features that the engine lacks. */
public final class InvalidModuleException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message a line for people that begins with the module's name, where a name is known
   */
  public InvalidModuleException(String message, Throwable cause) {
    super(message, cause);
  }
}
