package dev.vivarium.conformance.peer;

import java.nio.file.Path;
import java.util.List;

/** Runs a guest once on Chicory's WASI over jimfs, as {@link ChicoryHost} runs benchmarks. */
public final class ChicoryCommand {
  private ChicoryCommand() {}

  /**
   * Runs it, and ends this process with its status.
   *
   * @param args {@code python} or {@code ruby}; the directory that becomes the guest's root; a file
   *     of the guest's that is copied when it has ended, and where to; its variables with commas
   *     between them; its arguments, of Ruby a script and the script's own
   */
  public static void main(String[] args) throws Exception {
    var arguments = List.of(args).subList(5, args.length);
    ChicoryHost.run(
        args[0].equals("ruby"),
        Path.of(args[1]),
        arguments,
        List.of(args[4].split(",")),
        args[2],
        Path.of(args[3]));
  }
}
