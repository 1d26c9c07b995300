package dev.vivarium.image.oci;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The manifest of an image.
 *
 * @param layers from the lowest
 */
public record Manifest(
    Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
  /** The most bytes of a manifest or a configuration, as registries have it. */
  public static final int MOST_BYTES = 4 << 20;

  /** The most layers of a box; overlay filesystems take fewer. */
  public static final int MOST_LAYERS = 512;

  public Manifest {
    layers = List.copyOf(layers);
    annotations = Map.copyOf(annotations);
  }

  /**
   * Reads a manifest of OCI or of Docker.
   *
   * @throws BoxFormatException if it is none, or names a kind of blob that a box does not have
   */
  public static Manifest read(byte[] bytes) throws IOException {
    var json = Json.parse("manifest", bytes);
    if (json.number("schemaVersion", 0, Integer.MAX_VALUE) != 2) {
      throw new BoxFormatException("the manifest is not of schema version 2");
    }
    var type = json.string("mediaType", MediaType.MANIFEST);
    if (!MediaType.isManifest(type)) {
      throw new BoxFormatException("the manifest is of the type " + type + ", not one of an image");
    }
    if (!json.has("config")) {
      throw new BoxFormatException("the manifest has no config");
    }
    var config = Descriptor.read(json.object("config"));
    if (!MediaType.isConfig(config.mediaType())) {
      throw new BoxFormatException("the config is of the type " + config.mediaType());
    }
    if (config.size() > MOST_BYTES) {
      throw new BoxFormatException("the config is longer than " + MOST_BYTES + " bytes");
    }
    var layers = new ArrayList<Descriptor>();
    for (var layer : json.objects("layers", MOST_LAYERS)) {
      var descriptor = Descriptor.read(layer);
      if (!MediaType.isLayer(descriptor.mediaType())) {
        throw new BoxFormatException("a layer is of the type " + descriptor.mediaType());
      }
      layers.add(descriptor);
    }
    return new Manifest(config, layers, json.strings("annotations"));
  }

  /** The bytes of this, the same for the same. */
  public byte[] write() {
    var json = new JsonObject();
    json.addProperty("schemaVersion", 2);
    json.addProperty("mediaType", MediaType.MANIFEST);
    json.add("config", config.write());
    var array = new JsonArray();
    layers.forEach(layer -> array.add(layer.write()));
    json.add("layers", array);
    Json.put(json, "annotations", new TreeMap<>(annotations));
    return Json.bytes(json);
  }
}
