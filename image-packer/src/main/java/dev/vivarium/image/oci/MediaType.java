package dev.vivarium.image.oci;

/** The media types that are read, and those of them that are written. */
public final class MediaType {
  public static final String INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  public static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
  public static final String LAYER_GZIP = LAYER + "+gzip";
  public static final String LAYER_ZSTD = LAYER + "+zstd";

  /** A module, as the Wasm OCI artifact of the CNCF's TAG Runtime has it. */
  public static final String MODULE = "application/wasm";

  /** A module that is compressed, with the structured suffixes of RFC 6838 and RFC 8878. */
  public static final String MODULE_GZIP = MODULE + "+gzip";

  public static final String MODULE_ZSTD = MODULE + "+zstd";

  /** The configuration of a Wasm OCI artifact, which is read as one that says nothing. */
  public static final String WASM_CONFIG = "application/vnd.wasm.config.v0+json";

  static final String DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
  static final String DOCKER_LAYER_GZIP = DOCKER_LAYER + ".gzip";

  private MediaType() {}

  /** Whether it is a manifest of one image. */
  public static boolean isManifest(String type) {
    return type.equals(MANIFEST) || type.equals(DOCKER_MANIFEST);
  }

  /** Whether it is a list of manifests. */
  public static boolean isIndex(String type) {
    return type.equals(INDEX) || type.equals(DOCKER_INDEX);
  }

  static boolean isConfig(String type) {
    return type.equals(CONFIG) || type.equals(DOCKER_CONFIG) || type.equals(WASM_CONFIG);
  }

  static boolean isModule(String type) {
    return type.equals(MODULE) || type.equals(MODULE_GZIP) || type.equals(MODULE_ZSTD);
  }

  static boolean isLayer(String type) {
    return switch (type) {
      case LAYER, LAYER_GZIP, LAYER_ZSTD, DOCKER_LAYER, DOCKER_LAYER_GZIP -> true;
      default -> isModule(type);
    };
  }
}
