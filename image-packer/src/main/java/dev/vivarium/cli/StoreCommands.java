package dev.vivarium.cli;

import java.util.Map;
import java.util.function.Supplier;

/** The commands on the boxes of this machine, by name. */
final class StoreCommands {
  private static final Map<String, Supplier<StoreCommand>> ALL =
      Map.ofEntries(
          Map.entry("images", ImagesCommand::new),
          Map.entry("inspect", InspectCommand::new),
          Map.entry("ls", ListCommand::new),
          Map.entry("tree", TreeCommand::new),
          Map.entry("cat", CatCommand::new),
          Map.entry("diff", DiffCommand::new),
          Map.entry("tag", TagCommand::new),
          Map.entry("rm", RemoveCommand::new),
          Map.entry("gc", CollectCommand::new),
          Map.entry("export", ExportCommand::new),
          Map.entry("import", ImportCommand::new),
          Map.entry("push", PushCommand::new),
          Map.entry("pull", PullCommand::new));

  private StoreCommands() {}

  /**
   * The command of this name, to be filled with options.
   *
   * @throws Failure if there is none
   */
  static StoreCommand named(String name) {
    var found = ALL.get(name);
    if (found == null) {
      throw Failure.usage("no command '" + name + "'; see: vivarium --help");
    }
    return found.get();
  }
}
