package dev.vivarium.cli;

import dev.vivarium.image.DirectoryPacker;
import dev.vivarium.image.HostReason;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.image.ImageWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code vivarium pack}. */
final class PackCommand {
  private final Host host;
  private final Console console;
  private final PackOptions options;

  PackCommand(Host host, Console console, PackOptions options) {
    this.host = host;
    this.console = console;
    this.options = options;
  }

  int run() {
    if (options.directories.size() != 1 || options.output == null) {
      throw Failure.usage("pack takes one directory and -o FILE; see: vivarium pack --help");
    }
    var given = options.directories.get(0);
    var directory = host.path(given);
    if (!Files.isDirectory(directory)) {
      throw Failure.usage(
          given + ": " + (Files.exists(directory) ? "not a directory" : "no such directory"));
    }
    var output = OutputFile.of(host, options.output);
    var snapshot = snapshot(given, directory, output.path());
    output.write(out -> ImageWriter.write(snapshot, out));
    return 0;
  }

  private Snapshot snapshot(Path given, Path directory, Path output) {
    var time = host.sourceDate();
    try {
      return DirectoryPacker.pack(directory, output, time, console::warn);
    } catch (IOException e) {
      throw Failure.host("cannot pack " + given + ": " + HostReason.withFile(e));
    }
  }
}
