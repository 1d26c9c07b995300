package dev.vivarium.image.oci;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;

/** The bytes of a layer when they are not compressed, which are verified once all are read. */
final class LayerInput extends FilterInputStream {
  private final Layer layer;
  private final DigestInputStream digested;

  private LayerInput(Layer layer, DigestInputStream digested) {
    super(digested);
    this.layer = layer;
    this.digested = digested;
  }

  /**
   * @param stored the bytes of the blob; closed with this, also when this fails
   */
  static LayerInput of(Layer layer, InputStream stored, Limits limits) throws IOException {
    try {
      var plain = Compression.of(layer.blob().mediaType()).decompressing(stored);
      var limited = new LimitedInput(new DecompressedInput(plain), limits.bytes(), "the layer");
      return new LayerInput(layer, new DigestInputStream(limited, Digest.algorithm()));
    } catch (IOException e) {
      stored.close();
      throw DecompressedInput.damaged(e);
    }
  }

  /**
   * Checks the digest of what has been read.
   *
   * @throws BoxFormatException if it is not the one that the configuration names
   */
  void verify() throws IOException {
    if (read() >= 0 || !Digest.of(digested.getMessageDigest()).equals(layer.diffId())) {
      throw new BoxFormatException("its content does not have the digest " + layer.diffId());
    }
  }
}
