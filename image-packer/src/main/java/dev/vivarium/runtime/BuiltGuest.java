package dev.vivarium.runtime;

import dev.vivarium.engine.Checkpoint;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.image.HostReason;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.image.ImageReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * A guest that {@code conformance/guest} builds on this machine: a module, and an image of what it
 * has to find in its filesystem.
 *
 * @param name what the script calls it
 * @param size the module's length in bytes, if it is built as it is known
 * @param sha256 its digest then, in lower-case hexadecimal
 * @param stripped the digest of the same module without its custom sections
 * @param checkpoint where in these bytes a guest can be stopped and gone on from
 */
record BuiltGuest(String name, long size, String sha256, String stripped, Checkpoint checkpoint)
    implements Origin {
  private static final String MODULE = "python.wasm";
  private static final String IMAGE = "library.image";

  /**
   * The module. One that another compiler has made runs too, but has no checkpoint.
   *
   * @param guests the directory of all that was built
   * @throws RuntimeUnavailableException if it was not built
   */
  WasmSource module(Path guests) throws IOException {
    var file = directory(guests).resolve(MODULE);
    return Files.size(file) == size ? new Known(file) : WasmSource.of(file);
  }

  /** What is in its image; see {@link #module}. */
  Snapshot files(Path guests) throws IOException {
    var image = image(guests);
    try {
      return ImageReader.open(image);
    } catch (IOException e) {
      throw unusable(image, HostReason.of(e), e);
    }
  }

  Path image(Path guests) throws IOException {
    return directory(guests).resolve(IMAGE);
  }

  private RuntimeUnavailableException unusable(Path file, String why, IOException cause) {
    return new RuntimeUnavailableException(
        file + ": " + why + "; remove its directory, and build it anew: conformance/guest " + name,
        cause);
  }

  /** The latest build. */
  private Path directory(Path guests) throws IOException {
    Optional<Path> latest;
    try (var builds = Files.list(guests)) {
      latest =
          builds
              .filter(build -> build.getFileName().toString().startsWith(name + "-"))
              .filter(build -> Files.exists(build.resolve(MODULE)))
              .filter(build -> Files.exists(build.resolve(IMAGE)))
              .max(Comparator.comparingLong(build -> build.toFile().lastModified()));
    } catch (IOException e) {
      // There is no such directory, or it cannot be read: as if nothing was built.
      latest = Optional.empty();
    }
    return latest.orElseThrow(
        () ->
            new RuntimeUnavailableException(
                name + " was not built on this machine; build it: conformance/guest " + name));
  }

  /** The module as it is known; its bytes are verified when they are read. */
  private final class Known implements WasmSource {
    private final Path file;

    Known(Path file) {
      this.file = file;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String sha256() {
      return sha256;
    }

    @Override
    public Optional<Checkpoint> checkpoint() {
      return Optional.of(checkpoint);
    }

    @Override
    public byte[] bytes() throws IOException {
      byte[] bytes;
      try {
        bytes = Files.readAllBytes(file);
      } catch (IOException e) {
        throw unusable(file, HostReason.of(e), e);
      }
      if (!WasmSource.of(name, bytes).sha256().equals(sha256)) {
        throw unusable(file, "not the module that was expected", null);
      }
      return bytes;
    }
  }
}
