package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What steps of builds have made, by all that it depended on. An entry keeps no layer alive: once
 * nothing else needs the layer, the step is done anew.
 */
public final class StepCache {
  private static final int MOST_BYTES = 1 << 12;

  private final Path directory;
  private final Blobs blobs;

  StepCache(Path directory, Blobs blobs) {
    this.directory = directory;
    this.blobs = blobs;
  }

  /** The layer that a step has made; nothing if it is not known, or not in the store any more. */
  public Optional<Layer> find(Digest key) throws IOException {
    byte[] bytes;
    try {
      var file = directory.resolve(key.hex());
      bytes = Files.size(file) > MOST_BYTES ? new byte[0] : Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    // One that is damaged is done anew, and replaced.
    var layer = read(bytes);
    return layer.isPresent() && blobs.holds(layer.get().blob()) ? layer : Optional.empty();
  }

  private static Optional<Layer> read(byte[] bytes) throws IOException {
    try {
      var json = Json.parse("a step", bytes);
      return Optional.of(new Layer(Descriptor.read(json.object("blob")), json.digest("diffId")));
    } catch (BoxFormatException e) {
      return Optional.empty();
    }
  }

  /** Whether an entry leads to none of the blobs with these names. Under the lock. */
  static boolean isStale(Path entry, Set<String> blobs) throws IOException {
    try {
      var layer =
          Files.size(entry) > MOST_BYTES ? null : read(Files.readAllBytes(entry)).orElse(null);
      return layer == null || !blobs.contains(layer.blob().digest().hex());
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /**
   * Keeps what a step has made. The entry comes under the lock, so that no collection takes it for
   * the one that it has just read; the layer's lease is older, so that none takes it for stale.
   */
  public void keep(Digest key, Layer layer) throws IOException {
    var json = new JsonObject();
    json.add("blob", layer.blob().write());
    json.addProperty("diffId", layer.diffId().toString());
    Files.createDirectories(directory);
    byte[] bytes = json.toString().getBytes(UTF_8);
    try (var held = blobs.lock().acquire()) {
      Durable.write(directory.resolve(key.hex()), blobs.newUpload(), bytes);
    }
  }
}
