package dev.vivarium.conformance.peer;

import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What {@link ChicoryCompiler} makes of modules, once for a machine. */
public final class ChicoryClasses {
  private ChicoryClasses() {}

  /** Where the classes of a module are, or would be, in a directory. */
  public static Path of(String key, Path directory) {
    return directory.resolve(key + "-chicory-" + ChicoryCompiler.version());
  }

  /**
   * Compiles a module if that has not been done.
   *
   * @param key the module's digest, or what else is its alone
   * @param directory where what is whole is kept
   * @throws HostCrash if it cannot be compiled
   */
  public static Path compiled(String key, Path module, Path directory)
      throws IOException, InterruptedException, HostCrash {
    var classes = of(key, directory);
    if (!Files.exists(classes)) {
      System.err.println("Chicory compiles " + key + " (about a minute)");
      Files.createDirectories(directory);
      var work = Files.createTempDirectory(directory, ".work-");
      var compiler =
          Checkout.java(
              Checkout.classPath(),
              // It keeps every class until the last is done.
              "-Xmx8g",
              ChicoryCompiler.class.getName(),
              module.toString(),
              work.toString());
      try (var process = HostProcess.start(compiler)) {
        process.finish();
      }
      Files.move(work, classes, StandardCopyOption.ATOMIC_MOVE);
    }
    return classes;
  }
}
