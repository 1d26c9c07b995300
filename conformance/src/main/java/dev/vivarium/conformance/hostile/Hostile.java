package dev.vivarium.conformance.hostile;

import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.host.CommandLines;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs hostile guests, alone and eight at once, in processes of little memory. */
@Command(
    name = "conformance/hostile",
    sortOptions = false,
    mixinStandardHelpOptions = true,
    description = {
      "Runs guests that mean harm in processes with 256 MB of heap and stacks of 512 KB, alone and"
          + " eight at once, and prints as a Markdown table how often each import was tried, and"
          + " what came of it.",
      "",
      "Exit status: 0 if nothing came of it but errors, traps and exits; 1 if anything else did."
    })
public final class Hostile implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofHours(2);

  @Option(
      names = "--lives",
      paramLabel = "N",
      description = "How many guests make any calls, alone and at once. Default: ${DEFAULT-VALUE}")
  private int lives = 2_000;

  @Option(names = "--seed", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}")
  private long seed = 1;

  @Spec private CommandSpec spec;

  private Hostile() {}

  /** See {@code conformance/hostile --help}. */
  public static void main(String[] args) {
    System.exit(CommandLines.execute(new Hostile(), args));
  }

  @Override
  public Integer call() throws Exception {
    if (lives < 0) {
      throw new ParameterException(
          spec.commandLine(), "--lives: a number of 0 or more is needed, not " + lives);
    }
    var tally = new Tally();
    run(seed, 1, lives, tally);
    run(seed + lives, 8, lives, tally);
    System.out.print(tally.markdown());
    tally.defects().forEach(System.err::println);
    return tally.defects().isEmpty() ? 0 : 1;
  }

  /** Runs guests in a process of their own. */
  static void run(long seed, int atOnce, int lives, Tally tally)
      throws IOException, InterruptedException {
    var command =
        Checkout.java(
            Checkout.classPath(),
            HostileWorker.class.getName(),
            Long.toString(seed),
            Integer.toString(atOnce),
            Integer.toString(lives));
    command.addAll(1, List.of("-Xmx256m", "-Xss512k", "-XX:+UseSerialGC"));
    try (var process = HostProcess.start(command, PATIENCE)) {
      tally.read(process.finish());
    } catch (HostCrash e) {
      tally.defect("seed " + seed + ", " + atOnce + " at once: " + e.getMessage());
    }
  }
}
