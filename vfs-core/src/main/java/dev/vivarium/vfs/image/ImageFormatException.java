package dev.vivarium.vfs.image;

import java.io.IOException;

/** What was opened is no image, or is damaged. */
public final class ImageFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  ImageFormatException(String message) {
    super(message);
  }
}
