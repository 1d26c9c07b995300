package dev.vivarium.vfs.image;

import java.io.IOException;

/** What was read is no image, is damaged, or is larger than the reader allows. */
public final class ImageFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  ImageFormatException(String message) {
    super(message);
  }

  ImageFormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
