package dev.vivarium.cli;

import dev.vivarium.image.DirectoryPacker;
import dev.vivarium.image.HostReason;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.image.ImageWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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
    var output = host.path(options.output);
    if (Files.exists(output) && !Files.isRegularFile(output)) {
      throw Failure.usage(options.output + ": is there, and is no regular file");
    }
    var folder = output.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw Failure.usage(options.output + ": " + folder + " is no directory");
    }
    write(snapshot(given, directory, output), output);
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

  private void write(Snapshot snapshot, Path chosen) {
    try {
      // Behind a symbolic link, which stays.
      var output = Files.exists(chosen) ? chosen.toRealPath() : chosen.toAbsolutePath();
      // Beside its final place, so that it gets there in one step or not at all.
      var unfinished =
          output.resolveSibling("." + output.getFileName() + "." + ProcessHandle.current().pid());
      try {
        try (var out = new BufferedOutputStream(Files.newOutputStream(unfinished), 1 << 16)) {
          ImageWriter.write(snapshot, out);
        }
        Files.move(unfinished, output, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw Failure.host("cannot write " + options.output + ": " + HostReason.of(e));
    }
  }
}
