package dev.vivarium.image.build;

import java.io.IOException;

/** A Dockerfile asks for what cannot be done. The message is one line that begins with where. */
public final class DockerfileException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int line;

  DockerfileException(String file, int line, String message) {
    super(file + ":" + line + ": " + message);
    this.line = line;
  }

  /** The line of the file, from 1. */
  public int line() {
    return line;
  }
}
