package dev.vivarium.conformance.suite;

/**
 * How a guest that ran a module has ended, as a {@link Worker} tells its {@link WorkerLane}.
 *
 * @param seconds how long it ran
 * @param message what the host says about a status that is not the guest's, in a line; else empty
 */
record Ending(Kind kind, int status, double seconds, String message) {
  /** Whose will it was. */
  enum Kind {
    /** The guest has ended, or what it did has ended it. */
    ENDED,
    /** Its host has ended it at the deadline. */
    TIMED_OUT,
    /** Its host could not: the worker is of no more use. */
    STUCK
  }

  /** The line that {@link #parse} reads. */
  String line() {
    return kind + " " + status + " " + seconds + " " + message;
  }

  static Ending parse(String line) {
    var words = line.split(" ", 4);
    return new Ending(
        Kind.valueOf(words[0]), Integer.parseInt(words[1]), Double.parseDouble(words[2]), words[3]);
  }
}
