package dev.vivarium.image.build;

import dev.vivarium.Outcome;
import java.io.IOException;

/** The program whose run was to tell what a slim box needs has failed. */
public final class WatchedProgramException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean timedOut;

  WatchedProgramException(Outcome outcome) {
    super(
        "--slim: the program that was to be watched has ended with status "
            + outcome.status()
            + (outcome.message().isEmpty() ? "" : ": " + outcome.message()));
    this.timedOut = outcome.reason() == Outcome.Reason.TIMED_OUT;
  }

  /** Whether it was ended because its time was over. */
  public boolean timedOut() {
    return timedOut;
  }
}
