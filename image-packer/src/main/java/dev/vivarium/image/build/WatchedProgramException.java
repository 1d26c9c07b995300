package dev.vivarium.image.build;

import java.io.IOException;

/** The program whose run was to tell what a slim box needs has failed. */
public final class WatchedProgramException extends IOException {
  private static final long serialVersionUID = 1L;

  WatchedProgramException(int status) {
    super("--slim: the program that was to be watched has ended with status " + status);
  }
}
