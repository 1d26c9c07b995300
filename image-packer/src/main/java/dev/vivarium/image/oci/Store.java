package dev.vivarium.image.oci;

import dev.vivarium.image.FileTimes;
import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.image.ContentFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The boxes of this machine: an OCI image layout in a directory, which any number of processes use
 * at once.
 *
 * <p>A blob has its name, which is its digest, only once it is whole and on the disk. A process
 * that is killed leaves at most a file that the next {@link #gc} removes. What this has put, opened
 * or found stays until it is closed, whatever others remove.
 */
public final class Store implements Closeable {
  private static final int MOST_MODULE_BYTES = 1 << 29;

  private final Path directory;
  private final Blobs blobs;
  private final Tags tags;
  private final Trees trees;
  private final Lease lease;
  private final Limits limits;

  private Store(Path directory, Limits limits) {
    this.directory = directory;
    this.limits = limits;
    var lock = StoreLock.of(directory.resolve(".lock"));
    this.lease = new Lease(directory.resolve("leases"), lock);
    this.blobs = new Blobs(directory, lock, lease);
    this.tags = new Tags(directory, lock);
    this.trees = new Trees(directory.resolve("trees"));
  }

  /** The store in a directory, which is made when it is first needed. */
  public static Store open(Path directory) {
    return open(directory, Limits.DEFAULT);
  }

  /** As {@link #open(Path)}, with other limits for boxes that come from elsewhere. */
  public static Store open(Path directory, Limits limits) {
    return new Store(real(directory.toAbsolutePath().normalize()), limits);
  }

  /** The one path of a directory that has several, also of one that is not there yet. */
  private static Path real(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      var parent = directory.getParent();
      return parent == null ? directory : real(parent).resolve(directory.getFileName());
    }
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  Limits limits() {
    return limits;
  }

  /** The bytes of a layer when they are not compressed. */
  LayerInput read(Layer layer) throws IOException {
    return LayerInput.of(layer, blobs.open(layer.blob()), limits);
  }

  /**
   * The bytes of a layer that is a module, verified.
   *
   * @throws BoxFormatException if it is damaged
   */
  public byte[] readModule(Layer layer) throws IOException {
    try (var in = read(layer)) {
      byte[] wasm = in.readNBytes(MOST_MODULE_BYTES + 1);
      if (wasm.length > MOST_MODULE_BYTES) {
        throw new BoxFormatException("the module is longer than " + MOST_MODULE_BYTES + " bytes");
      }
      in.verify();
      return wasm;
    } catch (BoxFormatException e) {
      throw blobs.refused(layer, e);
    }
  }

  Blobs blobs() {
    return blobs;
  }

  Trees trees() {
    return trees;
  }

  // ---- putting --------------------------------------------------------------------------------

  /**
   * Puts what differs between two trees as a layer.
   *
   * @param base what it is put over; null for an empty root
   * @param time the time of everything in the layer; null for what the tree says
   * @throws BoxFormatException if it is more than a store takes, or has what can be in no layer
   *     (see {@link Unpackable}); it is not put then
   * @throws IllegalArgumentException if no file can have such a time
   */
  public Layer putLayer(Snapshot base, Snapshot tree, Instant time, Compression compression)
      throws IOException {
    return putChanges(LayerWriter.changes(base, tree), tree, time, compression);
  }

  /**
   * As {@link #putLayer(Snapshot, Snapshot, Instant, Compression)}, of what is known to differ.
   *
   * @param changes {@code tree.diff(base)}
   */
  public Layer putChanges(
      List<Change> changes, Snapshot tree, Instant time, Compression compression)
      throws IOException {
    Long nanos = time == null ? null : FileTimes.nanos(time);
    return put(
        MediaType.LAYER,
        compression,
        out -> {
          if (LayerWriter.writeChanges(changes, tree, nanos, out) > limits.members()) {
            throw new BoxFormatException(
                "the layer has more than " + limits.members() + " members, the most of a box");
          }
        });
  }

  /**
   * Puts an archive as a layer, as it is, that goes over nothing, and the tree that it makes.
   *
   * @throws BoxFormatException if it is refused; it is not put then
   */
  Layer putArchive(InputStream archive) throws IOException {
    try (var contents = contents()) {
      var reader = new LayerReader(null, limits, contents);
      Layer layer;
      try {
        layer =
            put(
                MediaType.LAYER,
                Compression.ZSTD,
                out -> reader.apply(CopyingInput.of(archive, out)));
      } catch (IOException e) {
        LayerReader.discard(contents);
        throw e;
      }
      trees.keep(Trees.chain(List.of(layer.diffId())), reader.snapshot(), contents);
      return layer;
    }
  }

  /** Puts a module as a layer of its own, compressed as layers are by default. */
  public Layer putModule(byte[] wasm) throws IOException {
    return putModule(wasm, Compression.ZSTD);
  }

  /** Puts a module as a layer of its own. */
  public Layer putModule(byte[] wasm, Compression compression) throws IOException {
    return put(MediaType.MODULE, compression, out -> out.write(wasm));
  }

  private Layer put(String type, Compression compression, LayerUpload.Content content)
      throws IOException {
    return LayerUpload.put(blobs, limits, type, compression, content);
  }

  /** Puts an image of layers that are in the store, the lowest first. It has no name yet. */
  public Image putImage(BoxConfig config, List<Layer> layers) throws IOException {
    return putImage(config, layers, Map.of());
  }

  /** As {@link #putImage(BoxConfig, List)}, with annotations of the manifest. */
  public Image putImage(BoxConfig config, List<Layer> layers, Map<String, String> annotations)
      throws IOException {
    byte[] bytes = config.write(layers.stream().map(Layer::diffId).toList());
    var blob = blobs.put(MediaType.CONFIG, bytes);
    var manifest = new Manifest(blob, layers.stream().map(Layer::blob).toList(), annotations);
    var descriptor = blobs.put(MediaType.MANIFEST, manifest.write());
    return new Image(this, descriptor, manifest, config, layers);
  }

  /**
   * Gives an image a name; the name's former one has it no more. One with a digest takes nothing
   * from the tag.
   *
   * @throws IllegalArgumentException if it has another digest
   */
  public void tag(Reference reference, Image image) throws IOException {
    if (reference.digest().isPresent() && !reference.digest().get().equals(image.digest())) {
      throw new IllegalArgumentException(
          reference + " is no name of what has the digest " + image.digest());
    }
    tagPulled(reference, image);
  }

  /** As {@link #tag}, of what was asked for by this name, which may have the digest of an index. */
  void tagPulled(Reference reference, Image image) throws IOException {
    tags.put(reference, image.descriptor());
  }

  /**
   * A file for the contents of a tree from which layers are made, or that is made of them; null if
   * there can be none, and only the heap has room.
   */
  public ContentFile contents() {
    try {
      return blobs.newContents();
    } catch (IOException e) {
      return null;
    }
  }

  /** What steps of builds have made. */
  public StepCache steps() {
    return new StepCache(directory.resolve("steps"), blobs);
  }

  /** The tree that layers make, the lowest first; see {@link Image#snapshot}. */
  public Snapshot tree(List<Layer> layers) throws IOException {
    return Image.snapshot(this, layers);
  }

  /**
   * Begins to write the tree that layers will make, which then is not read from them again.
   *
   * @param contents what {@link #contents} gave for some of it, which may become what is kept, and
   *     takes nothing more then; or null
   * @throws BoxFormatException if it is more than a store takes of all layers together
   */
  public KeptTree keepTree(Snapshot tree, ContentFile contents) throws BoxFormatException {
    if (!tree.fits(limits.quota())) {
      throw new BoxFormatException(
          "the layers together have more than " + limits.room() + ", the most of a box");
    }
    return new KeptTree(trees, tree, contents);
  }

  // ---- finding --------------------------------------------------------------------------------

  /**
   * The image of this name.
   *
   * @throws BoxFormatException if it is damaged; the message says how to get it anew
   */
  public Optional<Image> find(Reference reference) throws IOException {
    var named = tags.find(reference);
    if (named.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(open(named.get()));
  }

  /**
   * The image of this name.
   *
   * @throws BoxFormatException if there is none, or it is damaged
   */
  public Image require(Reference reference) throws IOException {
    var found = find(reference);
    if (found.isEmpty()) {
      throw new BoxFormatException("no box is named " + reference + " in the store " + directory);
    }
    return found.get();
  }

  /** The image whose manifest is a blob of the store. */
  public Image open(Descriptor descriptor) throws IOException {
    lease.hold(descriptor.digest());
    var manifest = Manifest.read(blobs.read(descriptor, Manifest.MOST_BYTES));
    byte[] bytes = blobs.read(manifest.config(), Manifest.MOST_BYTES);
    return Image.of(this, descriptor, manifest, bytes);
  }

  /** All names, and the manifests that they mean. */
  public Map<Reference, Descriptor> tags() throws IOException {
    return tags.all();
  }

  /** The names that there are for what is meant: the name itself, or all of a digest's box. */
  public List<Reference> names(Reference reference) throws IOException {
    return tags.names(reference);
  }

  /** Takes a name away; whether it was there. What it meant stays until {@link #gc}. */
  public boolean untag(Reference reference) throws IOException {
    return tags.remove(reference);
  }

  /** Removes what no name and no running process needs. */
  public GarbageCollection gc() throws IOException {
    return GarbageCollection.run(directory, blobs, tags, trees);
  }

  /** Removes blobs that were put in vain, but for those that a name or a running process needs. */
  void discard(Set<Digest> blobs) throws IOException {
    GarbageCollection.discard(directory, this.blobs, tags, blobs);
  }

  /** Gives back what this holds. Images of it cannot be used any more. */
  @Override
  public void close() throws IOException {
    lease.close();
  }
}
