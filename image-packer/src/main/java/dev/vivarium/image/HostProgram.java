package dev.vivarium.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Programs of the host. */
public final class HostProgram {

  private HostProgram() {}

  /** Where a program is: the first of its name on the {@code PATH}, as a shell would find it. */
  public static Optional<Path> find(String name, Map<String, String> environment) {
    for (var directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      var candidate = Path.of(directory.isEmpty() ? "." : directory, name).toAbsolutePath();
      if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }
}
