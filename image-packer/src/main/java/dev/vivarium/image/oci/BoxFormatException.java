package dev.vivarium.image.oci;

import java.io.IOException;

/**
 * What was read is no box, is damaged, or does what a box may not. The message is one line for
 * people, which names what is wrong.
 */
public final class BoxFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  BoxFormatException(String message) {
    super(message);
  }

  BoxFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
