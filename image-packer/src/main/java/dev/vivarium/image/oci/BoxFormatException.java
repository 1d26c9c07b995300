package dev.vivarium.image.oci;

import java.io.IOException;

/**
 * What was read is no box, is damaged, or does what a box may not. The message is one line for
 * people, which names what is wrong.
 */
public final class BoxFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  BoxFormatException(String message) {
    super(line(message));
  }

  BoxFormatException(String message, Throwable cause) {
    super(line(message), cause);
  }

  /** What was read may be part of it. */
  private static String line(String message) {
    return message.replaceAll("\\p{Cntrl}", "\uFFFD");
  }
}
