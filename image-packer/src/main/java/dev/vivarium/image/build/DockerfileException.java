package dev.vivarium.image.build;

import java.io.IOException;

/**
 * A Dockerfile asks for what cannot be done, or for what has been tried and has failed; or a {@code
 * .dockerignore} is wrong. The message is one line that begins with where.
 */
public sealed class DockerfileException extends IOException permits StepFailedException {
  private static final long serialVersionUID = 1L;

  private final int line;

  DockerfileException(String file, int line, String message) {
    super(file + ":" + line + ": " + message);
    this.line = line;
  }

  /** The line of the file, from 1. */
  public final int line() {
    return line;
  }
}
