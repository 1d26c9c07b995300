package dev.vivarium.cli;

import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Image;
import dev.vivarium.image.oci.Layer;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Collection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vivarium inspect}. */
@Command(
    name = "inspect",
    description = {"Shows what a box is made of, and how it is started.", ""},
    customSynopsis = "vivarium inspect [--json] BOX",
    optionListHeading = "Options:%n",
    sortOptions = false)
final class InspectCommand extends StoreCommand {

  @Option(names = "--json", description = "Show manifest and configuration as they are.")
  boolean json;

  @Override
  void run(Context context) throws IOException {
    requireOperands(1, 1, "one box");
    var image = context.image(operands.get(0));
    if (json) {
      context.out().println(image.json());
    } else {
      print(image, context.out());
    }
  }

  private static void print(Image image, PrintStream out) {
    var config = image.config();
    line(out, "Digest", image.digest().toString());
    line(out, "Size", Quantity.bytes(image.size()));
    line(out, "Created", config.created() == null ? "" : config.created().toString());
    line(out, "Author", config.author());
    line(out, "Platform", config.os() + "/" + config.architecture());
    line(out, "Entrypoint", config.entrypoint());
    line(out, "Command", config.command());
    line(out, "Working directory", config.workingDirectory());
    line(out, "User", config.user());
    config.environment().forEach((name, value) -> line(out, "Environment", name + "=" + value));
    config.labels().forEach((name, value) -> line(out, "Label", name + "=" + value));
    line(out, "Exposed ports", config.exposedPorts());
    line(out, "Volumes", config.volumes());
    line(out, "Stop signal", config.stopSignal());
    for (var layer : image.layers()) {
      line(out, layer.isModule() ? "Module" : "Layer", describe(layer));
    }
    for (var step : config.history()) {
      line(out, "History", describe(step));
    }
  }

  private static String describe(Layer layer) {
    return layer.blob().digest().shortHex() + " " + Quantity.bytes(layer.blob().size());
  }

  private static String describe(BoxConfig.Step step) {
    return step.by().isEmpty() ? step.comment() : step.by();
  }

  private static void line(PrintStream out, String name, Collection<String> values) {
    line(out, name, String.join(" ", values));
  }

  /** Whoever made the box wrote the value: it must not steer a terminal. */
  private static void line(PrintStream out, String name, String value) {
    if (!value.isEmpty()) {
      out.printf("%-19s%s%n", name + ":", Console.printable(value));
    }
  }
}
