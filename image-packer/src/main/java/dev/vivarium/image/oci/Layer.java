package dev.vivarium.image.oci;

/**
 * A layer that is in a store.
 *
 * @param blob its bytes, compressed as its media type says
 * @param diffId the digest of its bytes when they are not compressed
 */
public record Layer(Descriptor blob, Digest diffId) {

  /** Whether it is a module, and no archive. */
  public boolean isModule() {
    return MediaType.isModule(blob.mediaType());
  }
}
