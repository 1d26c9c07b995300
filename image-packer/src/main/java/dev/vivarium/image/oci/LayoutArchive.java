package dev.vivarium.image.oci;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The archive of an OCI image layout that somebody else has made. What it says of its blobs has to
 * be so of the blobs that it brings: what the store has already must not make up for it.
 */
final class LayoutArchive {
  static final String LAYOUT = "oci-layout";
  static final String INDEX = "index.json";
  static final String BLOBS = "blobs/sha256/";

  /** Where containerd and BuildKit have the whole name; they have its tag where others have it. */
  private static final String CONTAINERD_NAME = "io.containerd.image.name";

  private static final String DOCKERS_LIST = "manifest.json";
  private static final int MOST_IN_LIST = 1000;

  private final Store store;
  private final Set<Digest> added;
  private final Map<Digest, Long> lengths = new HashMap<>();
  private ImageIndex index;

  private LayoutArchive(Store store, Set<Digest> added) {
    this.store = store;
    this.added = added;
  }

  /**
   * Whether an archive is that of a layout: looked at up to what no layout has. Others may put
   * files of their own into one, as Docker does, but not beside its directory.
   *
   * @throws BoxFormatException if it is one that is not marked as the specification has it, or is
   *     one of another version; or if it is what Docker had before it, whose files are no tree that
   *     anybody means
   */
  static boolean isIn(InputStream in) throws IOException {
    var tar = new TarReader(in);
    boolean hasIndex = false;
    boolean hasBlobs = false;
    boolean isDockers = false;
    for (TarEntry entry; (entry = tar.next()) != null; ) {
      // Nothing is written by its name here; where others do, such an archive means harm.
      MemberPath.of(entry);
      var member = plain(entry);
      if (member.equals(LAYOUT)) {
        checkVersion(readSmall(entry, tar));
        return true;
      }
      if (isElsewhere(entry, member)) {
        refuseDockers(isDockers);
        return false;
      }
      isDockers |= member.equals(DOCKERS_LIST) && listsImages(entry, tar);
      hasIndex |= member.equals(INDEX);
      hasBlobs |= isBlob(entry, member);
    }
    if (hasIndex && hasBlobs) {
      throw new BoxFormatException("the archive is that of an image layout without its " + LAYOUT);
    }
    refuseDockers(isDockers);
    return false;
  }

  /** Whether a member is the list of images by which Docker found them before it had layouts. */
  private static boolean listsImages(TarEntry entry, TarReader tar) throws IOException {
    if (entry.kind() != TarEntry.REGULAR || entry.size() > Manifest.MOST_BYTES) {
      return false;
    }
    byte[] bytes = readSmall(entry, tar);
    try {
      var images = Json.parseArray("list", bytes, MOST_IN_LIST);
      return !images.isEmpty()
          && images.stream().allMatch(image -> image.has("Config") && image.has("Layers"));
    } catch (BoxFormatException e) {
      // A file of a tree.
      return false;
    }
  }

  private static void refuseDockers(boolean isDockers) throws BoxFormatException {
    if (isDockers) {
      throw new BoxFormatException(
          "the archive is that of an older `docker save`, and no image layout; a newer one makes"
              + " that, or: skopeo copy docker-archive:FILE oci-archive:FILE");
    }
  }

  /**
   * A version names one layout: the specification changes it with the layout, so that nothing is
   * known of what another one means.
   */
  private static void checkVersion(byte[] bytes) throws IOException {
    var version = Json.parse("archive's " + LAYOUT, bytes).string("imageLayoutVersion");
    if (!version.equals(Blobs.LAYOUT_VERSION)) {
      throw new BoxFormatException(
          "the archive is an image layout of version '"
              + version
              + "', and only "
              + Blobs.LAYOUT_VERSION
              + " is known");
    }
  }

  private static boolean isElsewhere(TarEntry entry, String member) {
    boolean isOwn =
        member.isEmpty()
            || member.equals("blobs")
            || member.startsWith("blobs/")
            // A layer of Docker's.
            || member.matches("[0-9a-f]{64}(/.*)?");
    return !isOwn && (entry.kind() != TarEntry.REGULAR || member.indexOf('/') >= 0);
  }

  private static boolean isBlob(TarEntry entry, String member) {
    return entry.kind() == TarEntry.REGULAR && member.startsWith(BLOBS);
  }

  /** The name of a member without what means nothing. */
  private static String plain(TarEntry entry) {
    var name = entry.text();
    return name.startsWith("./") ? name.substring(2) : name;
  }

  private static byte[] readSmall(TarEntry entry, TarReader tar) throws IOException {
    if (entry.size() > Manifest.MOST_BYTES) {
      throw LayerReader.refused(entry, "it is longer than " + Manifest.MOST_BYTES + " bytes");
    }
    return tar.content().readAllBytes();
  }

  /**
   * Puts the blobs of an archive into a store.
   *
   * @param added gets those that the store did not have, also when this fails
   * @throws BoxFormatException if a member is refused, or there is no list of what is in it
   */
  static LayoutArchive read(InputStream in, Store store, Set<Digest> added) throws IOException {
    var archive = new LayoutArchive(store, added);
    var tar = new TarReader(in);
    long members = 0;
    for (TarEntry entry; (entry = tar.next()) != null; ) {
      if (++members > store.limits().members()) {
        throw new BoxFormatException("the archive has more than " + (members - 1) + " members");
      }
      MemberPath.of(entry);
      var member = plain(entry);
      if (member.equals(INDEX)) {
        archive.index = ImageIndex.read("archive's " + INDEX, readSmall(entry, tar));
      } else if (isBlob(entry, member)) {
        archive.readBlob(entry, member.substring(BLOBS.length()), tar);
      }
    }
    if (archive.index == null) {
      throw new BoxFormatException("the archive has no " + INDEX);
    }
    return archive;
  }

  private void readBlob(TarEntry entry, String hex, TarReader tar) throws IOException {
    try (var upload = store.blobs().begin()) {
      tar.content().transferTo(upload.out());
      if (!upload.digest().hex().equals(hex)) {
        throw LayerReader.refused(entry, "its content has another digest");
      }
      lengths.put(upload.digest(), upload.length());
      if (!store.blobs().holds(new Descriptor("", upload.digest(), upload.length()))) {
        added.add(upload.digest());
      }
      upload.finish(MediaType.LAYER);
    }
  }

  /**
   * The name that the archive gives its box, which says no digest but the box's own.
   *
   * @throws BoxFormatException if there is no one box
   * @throws IllegalArgumentException if it gives none; the message is a line for people
   */
  Reference name() throws IOException {
    var listed = listed();
    var given = listed.annotations().getOrDefault(Tags.NAME, "");
    var name = Tags.reference(CONTAINERD_NAME, listed);
    if (name.isEmpty() && saysMoreThanATag(given)) {
      name = Tags.reference(listed);
    }
    return name.filter(said -> said.digest().orElse(listed.digest()).equals(listed.digest()))
        .orElseThrow(() -> unnamed(given));
  }

  /** Others write a tag alone for a name, as the specification lets them. */
  private static boolean saysMoreThanATag(String name) {
    return name.indexOf(':') >= 0 || name.indexOf('/') >= 0 || name.indexOf('@') >= 0;
  }

  private static IllegalArgumentException unnamed(String given) {
    return new IllegalArgumentException(
        Reference.isTag(given)
            ? "it is a box and says only a tag, '" + given + "'; give it a name"
            : "it is a box and says no name; give it one");
  }

  /** What the archive's list has of its box, which may be an index. */
  private Descriptor listed() throws IOException {
    var names = new HashSet<String>();
    for (var manifest : index.manifests()) {
      var annotations = manifest.object("annotations");
      names.add(annotations.string(CONTAINERD_NAME, annotations.string(Tags.NAME, "")));
    }
    names.remove("");
    if (names.size() > 1) {
      throw new BoxFormatException("it has " + names.size() + " boxes, and not one");
    }
    return index.choose();
  }

  /**
   * Its box, checked whole.
   *
   * @throws BoxFormatException if it is refused
   */
  Image image() throws IOException {
    var descriptor = listed();
    byte[] bytes = read(INDEX, descriptor);
    for (int depth = 0; ImageIndex.isOne(bytes, descriptor.mediaType()); depth++) {
      descriptor = ImageIndex.read(bytes, depth).choose();
      bytes = read("index", descriptor);
    }
    var manifest = Manifest.read(bytes);
    check("manifest", manifest.config());
    for (var layer : manifest.layers()) {
      check("manifest", layer);
    }
    var image = store.open(descriptor);
    image.check();
    return image;
  }

  private byte[] read(String where, Descriptor blob) throws IOException {
    check(where, blob);
    return store.blobs().read(blob, Manifest.MOST_BYTES);
  }

  /** What is not in the archive may be in the store, whose blob is known to be right. */
  private void check(String where, Descriptor blob) throws IOException {
    var length = lengths.get(blob.digest());
    if (length == null ? !store.blobs().holds(blob) : length != blob.size()) {
      throw new BoxFormatException(
          "the archive's %s says that %s has %d bytes, and %s"
              .formatted(
                  where,
                  blob.digest(),
                  blob.size(),
                  length == null ? "there is none such" : "it has " + length));
    }
  }
}
