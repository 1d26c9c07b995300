package dev.vivarium.conformance.peer;

import java.nio.file.Path;
import java.util.List;

/** Runs a command once on Chicory's WASI over jimfs, as {@link ChicoryHost} runs benchmarks. */
public final class ChicoryCommand {
  private ChicoryCommand() {}

  /**
   * Runs it.
   *
   * @param args the directory that becomes the guest's root; a file of the guest's that is copied
   *     when it has ended, and where to; its variables with commas between them; its arguments
   */
  public static void main(String[] args) throws Exception {
    ChicoryHost.run(
        Path.of(args[0]),
        List.of(args).subList(4, args.length),
        List.of(args[3].split(",")),
        args[1],
        Path.of(args[2]));
  }
}
