package dev.vivarium.image.oci;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An image that is in a store, which has to stay open for as long as this is used. */
public final class Image {

  private final Store store;
  private final Descriptor descriptor;
  private final Manifest manifest;
  private final BoxConfig config;
  private final List<Layer> layers;

  Image(
      Store store, Descriptor descriptor, Manifest manifest, BoxConfig config, List<Layer> layers) {
    this.store = store;
    this.descriptor = descriptor;
    this.manifest = manifest;
    this.config = config;
    this.layers = List.copyOf(layers);
  }

  /** Puts together what a manifest and its configuration say. */
  static Image of(Store store, Descriptor descriptor, Manifest manifest, byte[] config)
      throws IOException {
    var blobs = manifest.layers();
    var diffIds =
        manifest.config().mediaType().equals(MediaType.WASM_CONFIG)
            ? blobs.stream().map(Descriptor::digest).toList()
            : BoxConfig.diffIds(config, Manifest.MOST_LAYERS);
    if (diffIds.size() != blobs.size()) {
      throw new BoxFormatException(
          "the manifest has " + blobs.size() + " layers, and its config " + diffIds.size());
    }
    var layers = new ArrayList<Layer>();
    for (int i = 0; i < blobs.size(); i++) {
      layers.add(new Layer(blobs.get(i), diffIds.get(i)));
    }
    if (layers.size() - archives(layers).size() > 1) {
      throw new BoxFormatException("the manifest has more than one module");
    }
    return new Image(store, descriptor, manifest, BoxConfig.read(config), layers);
  }

  /** The manifest as a blob: its digest names the image. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /** What names the image. */
  public Digest digest() {
    return descriptor.digest();
  }

  public Manifest manifest() {
    return manifest;
  }

  public BoxConfig config() {
    return config;
  }

  /** Where it is. */
  public Store store() {
    return store;
  }

  /** All layers, the lowest first, the module among them. */
  public List<Layer> layers() {
    return layers;
  }

  /** The layer that is the module to run; its {@link Layer#diffId} is that of the module itself. */
  public Optional<Layer> module() {
    return layers.stream().filter(Layer::isModule).findFirst();
  }

  /** The bytes of all layers as they are stored. */
  public long size() {
    return layers.stream().mapToLong(layer -> layer.blob().size()).sum();
  }

  /**
   * The bytes of the module, verified.
   *
   * @throws BoxFormatException if there is none, or it is damaged
   */
  public byte[] readModule() throws IOException {
    var layer = module().orElseThrow(() -> new BoxFormatException("the box has no module"));
    return store.readModule(layer);
  }

  /**
   * The tree that the layers make. Read from a form made for it when there is one, and shared with
   * all who have it open.
   *
   * @throws BoxFormatException if a layer is refused or damaged
   */
  public Snapshot snapshot() throws IOException {
    return snapshot(store, archives());
  }

  /** The tree without what the uppermost layer did to it. */
  public Snapshot snapshotBelow() throws IOException {
    var archives = archives();
    return snapshot(store, archives.subList(0, Math.max(0, archives.size() - 1)));
  }

  private List<Layer> archives() {
    return archives(layers);
  }

  private static List<Layer> archives(List<Layer> layers) {
    var archives = new ArrayList<Layer>();
    for (var layer : layers) {
      if (!layer.isModule()) {
        archives.add(layer);
      }
    }
    return archives;
  }

  /** What names the tree that layers make; nothing if no archive is among them. */
  static Optional<Digest> chain(List<Layer> layers) {
    var diffIds = new ArrayList<Digest>();
    for (var layer : archives(layers)) {
      diffIds.add(layer.diffId());
    }
    return diffIds.isEmpty() ? Optional.empty() : Optional.of(Trees.chain(diffIds));
  }

  /** The tree that layers make, of which no image has to be made. */
  static Snapshot snapshot(Store store, List<Layer> layers) throws IOException {
    var chain = chain(layers);
    if (chain.isEmpty()) {
      // Of no day: a program may look at the times of the root.
      return Vfs.builder().clock(InstantSource.fixed(Instant.EPOCH)).build().snapshot();
    }
    var kept = store.trees().find(chain.get());
    if (kept.isPresent()) {
      return kept.get();
    }
    try (var contents = store.contents()) {
      var tree = LayerReader.read(store, archives(layers), contents);
      store.trees().keep(chain.get(), tree, contents);
      // What is read of it then is verified, and shared with all who open it later.
      return store.trees().find(chain.get()).orElse(tree);
    }
  }

  /**
   * Reads all of it, and makes the form that it is opened from.
   *
   * @throws BoxFormatException if anything is refused or damaged
   */
  public void check() throws IOException {
    if (module().isPresent()) {
      readModule();
    }
    var chain = chain(layers);
    boolean hasName =
        store.tags().values().stream().anyMatch(named -> named.digest().equals(digest()));
    if (!hasName && chain.isPresent() && store.trees().find(chain.get()).isPresent()) {
      verifyArchives();
    }
    snapshot();
  }

  /** A tree that is known already says nothing of blobs which are said to be its layers. */
  private void verifyArchives() throws IOException {
    for (var layer : archives()) {
      try (var in = store.read(layer)) {
        in.transferTo(OutputStream.nullOutputStream());
        in.verify();
      } catch (BoxFormatException e) {
        throw store.blobs().refused(layer, e);
      }
    }
  }

  /** The bytes of the manifest, verified. */
  byte[] manifestBytes() throws IOException {
    return store.blobs().read(descriptor, Manifest.MOST_BYTES);
  }

  /** What the manifest says that it is. */
  String mediaType() throws IOException {
    return Json.parse("manifest", manifestBytes()).string("mediaType", MediaType.MANIFEST);
  }

  /** All that manifest and configuration say, as JSON for people and programs. */
  public String json() throws IOException {
    return Json.inspection(
        descriptor, manifestBytes(), store.blobs().read(manifest.config(), Manifest.MOST_BYTES));
  }

  /** The bytes of a blob of this image as they are stored, which are not verified. */
  public InputStream openBlob(Descriptor blob) throws IOException {
    return store.blobs().open(blob);
  }
}
