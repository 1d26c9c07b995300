package dev.vivarium.runtime;

import java.io.IOException;

/**
 * A runtime cannot be had: no npm, no network, no room, or not the file that was expected. The
 * message is one line for people, with the way out.
 */
public final class RuntimeUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  RuntimeUnavailableException(String message) {
    super(message);
  }

  RuntimeUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
