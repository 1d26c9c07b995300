package dev.vivarium.image.build;

/**
 * A command of a RUN has failed: it has ended with another status than 0, or it is not there or
 * cannot be run.
 */
public final class StepFailedException extends DockerfileException {
  private static final long serialVersionUID = 1L;

  private final boolean timedOut;

  StepFailedException(String file, int line, String message, boolean timedOut) {
    super(file, line, message);
    this.timedOut = timedOut;
  }

  /** Whether it was ended because its time was over. */
  public boolean timedOut() {
    return timedOut;
  }
}
