package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.box.Box;
import dev.vivarium.box.BoxName;
import dev.vivarium.image.oci.Image;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Store;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command on the boxes of this machine: its options, and what it does. */
abstract class StoreCommand {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Parameters(arity = "0..*", hidden = true)
  List<String> operands = new ArrayList<>();

  /** What a command has to work with. */
  record Context(Host host, Console console, Store store, PrintStream out) {

    /**
     * The name that a person gave.
     *
     * @throws Failure if it is none
     */
    Reference reference(String text) {
      try {
        return Reference.parse(text);
      } catch (IllegalArgumentException e) {
        throw Failure.usage(e.getMessage());
      }
    }

    /**
     * The name that a person wants a box to have.
     *
     * @throws Failure if it is none, or no box can be reached by it
     */
    Reference newName(String text) {
      try {
        return BoxName.of(text);
      } catch (IllegalArgumentException e) {
        throw Failure.usage(e.getMessage());
      }
    }

    /**
     * The box that a person named.
     *
     * @throws Failure if there is none
     */
    Image image(String text) throws IOException {
      return store.find(reference(text)).orElseThrow(() -> noBox(text));
    }

    static Failure noBox(String text) {
      return Failure.usage("no box is named " + text + "; see: vivarium images");
    }
  }

  /** Runs it with the operands that were given. */
  final int run(Host host, Console console) throws IOException {
    var out = new PrintStream(host.out(), false, UTF_8);
    try (var store = Store.open(Box.defaultStore(host.environment()))) {
      run(new Context(host, console, store, out));
    } finally {
      out.flush();
    }
    return 0;
  }

  abstract void run(Context context) throws IOException;

  /**
   * Checks how many operands there are.
   *
   * @param synopsis what they are, as the help has it
   */
  final void requireOperands(int least, int most, String synopsis) {
    if (operands.size() < least || operands.size() > most) {
      var name = getClass().getAnnotation(Command.class).name();
      throw Failure.usage(name + " takes " + synopsis + "; see: vivarium " + name + " --help");
    }
  }
}
