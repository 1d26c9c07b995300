package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

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
    try {
      var json = Json.parse("a step", bytes);
      var layer = new Layer(Descriptor.read(json.object("blob")), json.digest("diffId"));
      return blobs.holds(layer.blob()) ? Optional.of(layer) : Optional.empty();
    } catch (BoxFormatException e) {
      // Damaged: the step is done anew, and replaces it.
      return Optional.empty();
    }
  }

  /** Keeps what a step has made. */
  public void keep(Digest key, Layer layer) throws IOException {
    var json = new JsonObject();
    json.add("blob", layer.blob().write());
    json.addProperty("diffId", layer.diffId().toString());
    Files.createDirectories(directory);
    byte[] bytes = json.toString().getBytes(UTF_8);
    Durable.write(directory.resolve(key.hex()), blobs.newUpload(), bytes);
  }
}
