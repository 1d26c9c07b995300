package dev.vivarium.image.build;

import java.util.List;

/**
 * One instruction as it is written, continuations joined and comments taken out.
 *
 * @param file what messages call the Dockerfile
 * @param number the line that it begins at, from 1
 * @param escape the character that escapes, a backslash or a backtick
 * @param text the instruction
 * @param heredocs what follows it, in the order in which the text names them
 */
record LogicalLine(String file, int number, char escape, String text, List<Heredoc> heredocs) {

  /** An error here. */
  DockerfileException error(String message) {
    return new DockerfileException(file, number, message);
  }

  /** The failure of a command here. */
  StepFailedException failure(String message) {
    return failure(message, false);
  }

  StepFailedException failure(String message, boolean timedOut) {
    return new StepFailedException(file, number, message, timedOut);
  }

  /** A warning about this line, as people are told it. */
  String warning(String message) {
    return file + ":" + number + ": " + message;
  }

  /** The same place with another text: what an ONBUILD holds. */
  LogicalLine with(String other) {
    return new LogicalLine(file, number, escape, other, heredocs);
  }
}
