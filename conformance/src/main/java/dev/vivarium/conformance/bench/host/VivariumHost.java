package dev.vivarium.conformance.bench.host;

import dev.vivarium.Outcome;
import dev.vivarium.runtime.Interpreter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;

/** Vivarium as an embedder uses it. */
public final class VivariumHost {
  private VivariumHost() {}

  /**
   * Runs instances of a guest.
   *
   * @param args the runtime's name; how many instances; the program
   */
  public static void main(String[] args) throws Exception {
    var interpreter = Interpreter.load(args[0]);
    var flag = args[0].equals("ruby") ? "-e" : "-c";
    Instances.run(
        Integer.parseInt(args[1]),
        () -> {
          var builder =
              interpreter
                  .sandbox(flag, args[2])
                  .stdin(new FileInputStream(FileDescriptor.in))
                  .stdout(new FileOutputStream(FileDescriptor.out))
                  .stderr(new FileOutputStream(FileDescriptor.err));
          try (var sandbox = builder.build()) {
            return status(sandbox.run());
          }
        });
  }

  private static int status(Outcome outcome) {
    if (!outcome.message().isEmpty()) {
      System.err.println(outcome.message());
    }
    return outcome.status();
  }
}
