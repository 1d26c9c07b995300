package dev.vivarium.image.oci;

import java.io.IOException;
import java.io.OutputStream;

/** Writes layers into a store. Whoever only opens a box has nothing of it loaded. */
final class LayerUpload {
  private LayerUpload() {}

  /** Writes content to a stream. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Puts content as a layer.
   *
   * @param type without compression
   * @throws BoxFormatException if it is longer than a store takes; it is not put then
   */
  static Layer put(
      Blobs blobs, Limits limits, String type, Compression compression, Content content)
      throws IOException {
    try (var upload = blobs.begin()) {
      var blob = new PipelinedOutput(upload.out(), "blob", 128);
      var diff =
          new DigestingOutput(new PipelinedOutput(compression.compressing(blob), "layer", 16));
      try (diff) {
        content.writeTo(diff);
      }
      if (diff.count() > limits.bytes()) {
        throw new BoxFormatException(
            "the layer is longer than " + limits.bytes() + " bytes, the most of a box");
      }
      return new Layer(upload.finish(compression.mediaType(type)), diff.digest());
    }
  }
}
