package dev.vivarium.image.build;

import java.io.OutputStream;

/** Is told how a build goes on. */
public interface BuildListener {
  /** Is told nothing. */
  BuildListener NONE =
      new BuildListener() {
        @Override
        public void begun(String name, String instruction) {}

        @Override
        public void ended(boolean cached) {}

        @Override
        public void said(String line) {}

        @Override
        public void warned(String line) {}

        @Override
        public OutputStream output() {
          return OutputStream.nullOutputStream();
        }
      };

  /**
   * A step begins.
   *
   * @param name such as {@code build 2/4}: the stage, if there are several, and which of its steps
   * @param instruction as it is written
   */
  void begun(String name, String instruction);

  /**
   * The step has ended.
   *
   * @param cached whether what it makes was there from an earlier build
   */
  void ended(boolean cached);

  /** What has come of a step, in a line. */
  void said(String line);

  /** Something is not done, or may not be as it was meant: one line that begins with where. */
  void warned(String line);

  /** Where the commands of the build write to. */
  OutputStream output();
}
