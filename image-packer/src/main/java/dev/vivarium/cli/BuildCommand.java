package dev.vivarium.cli;

import dev.vivarium.box.Box;
import dev.vivarium.box.BoxName;
import dev.vivarium.image.HostReason;
import dev.vivarium.image.build.BaseUnavailableException;
import dev.vivarium.image.build.Build;
import dev.vivarium.image.build.DockerfileException;
import dev.vivarium.image.build.StepFailedException;
import dev.vivarium.image.build.WatchedProgramException;
import dev.vivarium.image.oci.Image;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Store;
import dev.vivarium.runtime.RuntimeUnavailableException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;

/** {@code vivarium build}. */
final class BuildCommand {
  private static final String STANDARD_INPUT = "-";
  private static final int MOST_INSTRUCTIONS = 16 << 20;

  private final Host host;
  private final Console console;
  private final BuildOptions options;

  BuildCommand(Host host, Console console, BuildOptions options) {
    this.host = host;
    this.console = console;
    this.options = options;
  }

  int run() throws IOException {
    if (options.directories.size() != 1) {
      throw Failure.usage("build takes one directory; see: vivarium build --help");
    }
    var references = options.tags.stream().map(BuildCommand::reference).toList();
    var given = options.directories.get(0);
    var directory = host.path(given);
    if (!Files.isDirectory(directory)) {
      throw Failure.usage(
          given + ": " + (Files.exists(directory) ? "not a directory" : "no such directory"));
    }
    var build =
        Build.of(directory)
            .environment(host.environment())
            .time(time())
            .cache(!options.noCache)
            .strip(options.strip)
            .slim(options.slim)
            .timeout(options.timeout)
            .progress(console)
            .listener(new BuildConsole(console, host.err(), System::nanoTime));
    if (options.file != null && options.file.toString().equals(STANDARD_INPUT)) {
      build.dockerfile(readInstructions());
    } else if (options.file != null) {
      var file = host.path(options.file);
      if (Files.isDirectory(file)) {
        throw Failure.usage("-f " + options.file + ": is a directory");
      }
      build.dockerfile(file);
    }
    if (options.target != null) {
      build.target(options.target);
    }
    options.slimKeep.forEach(pattern -> keep(build, pattern));
    options.arguments.forEach(variable -> variable.giveTo(build::argument, host.environment()));
    build(build, references, given);
    return 0;
  }

  /** In pieces: reading all at once, the platform asks where it is, which no pipe tells. */
  private byte[] readInstructions() throws IOException {
    byte[] read = new BufferedInputStream(host.in()).readNBytes(MOST_INSTRUCTIONS + 1);
    if (read.length > MOST_INSTRUCTIONS) {
      throw Failure.usage(
          "the Dockerfile on standard input is longer than "
              + Quantity.bytes(MOST_INSTRUCTIONS)
              + ", the most that is read");
    }
    return read;
  }

  /** As with other builders an argument of that name says so too, and more than a variable. */
  private Instant time() {
    var variables = new HashMap<>(host.environment());
    options.arguments.forEach(argument -> argument.giveTo(variables::put, host.environment()));
    return Host.sourceDate(variables.get(Host.SOURCE_DATE));
  }

  private static void keep(Build build, String pattern) {
    try {
      build.keep(pattern);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--slim-keep " + e.getMessage());
    }
  }

  private static Reference reference(String tag) {
    try {
      return BoxName.of(tag);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--tag " + e.getMessage());
    }
  }

  private void build(Build build, List<Reference> references, Path given) throws IOException {
    try (var store = Store.open(Box.defaultStore(host.environment()))) {
      var image = build.run(store);
      for (var reference : references) {
        store.tag(reference, image);
      }
      console.say(summary(image, references));
    } catch (StepFailedException e) {
      throw Failure.of(e.timedOut() ? Failure.TIMEOUT : Failure.STEP, e.getMessage());
    } catch (WatchedProgramException e) {
      throw Failure.of(e.timedOut() ? Failure.TIMEOUT : Failure.STEP, e.getMessage());
    } catch (DockerfileException e) {
      throw Failure.usage(e.getMessage());
    } catch (BaseUnavailableException e) {
      throw Failure.host(e.getMessage());
    } catch (NoSuchFileException e) {
      throw Failure.usage(HostReason.withFile(e));
    } catch (RuntimeUnavailableException e) {
      throw e;
    } catch (IOException e) {
      throw Failure.host("cannot build " + given + ": " + HostReason.withFile(e));
    }
  }

  private static String summary(Image image, List<Reference> references) {
    var names = String.join(", ", references.stream().map(Reference::toString).toList());
    var name = names.isEmpty() ? "" : names + " is ";
    return name + image.digest() + " (" + Quantity.bytes(image.size()) + ")";
  }
}
