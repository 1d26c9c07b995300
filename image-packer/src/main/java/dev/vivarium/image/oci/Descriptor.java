package dev.vivarium.image.oci;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A blob as another one refers to it.
 *
 * @param size its length in bytes
 * @param annotations in the order of their names
 */
public record Descriptor(
    String mediaType, Digest digest, long size, Map<String, String> annotations) {

  public Descriptor {
    annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
  }

  public Descriptor(String mediaType, Digest digest, long size) {
    this(mediaType, digest, size, Map.of());
  }

  static Descriptor read(Json json) throws IOException {
    return new Descriptor(
        json.string("mediaType"),
        json.digest("digest"),
        json.number("size", 0, Long.MAX_VALUE),
        json.strings("annotations"));
  }

  JsonObject write() {
    var json = new JsonObject();
    json.addProperty("mediaType", mediaType);
    json.addProperty("digest", digest.toString());
    json.addProperty("size", size);
    Json.put(json, "annotations", annotations);
    return json;
  }
}
