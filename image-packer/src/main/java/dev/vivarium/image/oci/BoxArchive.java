package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.vfs.Snapshot;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A box as one file: the archive of an OCI image layout, the same bytes for the same box. What is
 * read may also be the archive of a tree, which becomes a box of one layer.
 */
public final class BoxArchive {
  private static final String LAYOUT = "oci-layout";
  private static final String INDEX = "index.json";
  private static final String BLOBS = "blobs/sha256/";

  /** What a layout's archive has beside its blobs, Docker's own lists and the root among it. */
  private static final Set<String> LAYOUT_FILES =
      Set.of("", "blobs", INDEX, "manifest.json", "repositories");

  private BoxArchive() {}

  /**
   * Writes a box with its name, and flushes, but does not close, the stream.
   *
   * @throws IOException if the stream fails, or the box is damaged
   */
  public static void write(Image image, Reference name, OutputStream out) throws IOException {
    var blobs = new TreeMap<Digest, Descriptor>();
    var manifest = image.manifest();
    blobs.put(image.digest(), image.descriptor());
    blobs.put(manifest.config().digest(), manifest.config());
    manifest.layers().forEach(layer -> blobs.put(layer.digest(), layer));
    var tar = new TarWriter(out);
    tar.begin(member("blobs/", TarEntry.DIRECTORY, 0));
    tar.begin(member(BLOBS, TarEntry.DIRECTORY, 0));
    for (var blob : blobs.values()) {
      tar.begin(member(BLOBS + blob.digest().hex(), TarEntry.REGULAR, blob.size()));
      try (var in = image.openBlob(blob)) {
        copy(in, tar);
      }
    }
    write(tar, INDEX, Tags.index(List.of(Tags.named(name, image.descriptor()))));
    write(tar, LAYOUT, Blobs.LAYOUT);
    tar.end();
  }

  /**
   * Writes a tree as one archive, as {@code docker import} reads it, and flushes, but does not
   * close, the stream.
   */
  public static void writeTree(Snapshot tree, OutputStream out) throws IOException {
    LayerWriter.write(null, tree, null, out);
  }

  private static TarEntry member(String name, char kind, long size) {
    int mode = kind == TarEntry.DIRECTORY ? 0755 : 0644;
    return new TarEntry(
        name.getBytes(US_ASCII), kind, mode, 0, 0, size, 0, TarEntry.NO_LINK, 0, new TreeMap<>());
  }

  private static void write(TarWriter tar, String name, byte[] bytes) throws IOException {
    tar.begin(member(name, TarEntry.REGULAR, bytes.length));
    tar.write(bytes, 0, bytes.length);
  }

  private static void copy(InputStream in, TarWriter tar) throws IOException {
    var buffer = new byte[1 << 16];
    for (int count; (count = in.read(buffer)) > 0; ) {
      tar.write(buffer, 0, count);
    }
  }

  /**
   * Reads a file into a store, where it has a name then.
   *
   * @param file an archive, compressed with gzip or zstd or as it is
   * @param name its name; empty for the one that the archive says
   * @return the name that it has
   * @throws BoxFormatException if it is refused; nothing has a name then that had none
   * @throws IllegalArgumentException if no name is given and the archive says none
   */
  public static Reference read(Path file, Optional<Reference> name, Store store)
      throws IOException {
    return isLayout(file, store) ? readLayout(file, name, store) : readTree(file, name, store);
  }

  /** Whether an archive is that of a layout: looked at up to what no layout has. */
  private static boolean isLayout(Path file, Store store) throws IOException {
    try (var in = open(file, store)) {
      var tar = new TarReader(in);
      for (TarEntry entry; (entry = tar.next()) != null; ) {
        var member = plain(entry);
        if (member.equals(LAYOUT)) {
          return true;
        }
        if (!member.startsWith("blobs/") && !LAYOUT_FILES.contains(member)) {
          return false;
        }
      }
      return false;
    }
  }

  private static InputStream open(Path file, Store store) throws IOException {
    var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      in.mark(4);
      byte[] magic = in.readNBytes(4);
      in.reset();
      var compression = Compression.ofMagic(magic);
      long most = store.limits().bytes();
      return new LimitedInput(compression.decompressing(in), most, "the archive");
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** The name of a member without what means nothing. */
  private static String plain(TarEntry entry) {
    var name = entry.text();
    return name.startsWith("./") ? name.substring(2) : name;
  }

  private static Reference readTree(Path file, Optional<Reference> name, Store store)
      throws IOException {
    var reference = name.orElseThrow(() -> unnamed("is the archive of a tree"));
    try (var in = open(file, store)) {
      var layer = store.putArchive(in);
      store.tag(reference, store.putImage(BoxConfig.builder().build(), List.of(layer)));
    }
    return reference;
  }

  private static IllegalArgumentException unnamed(String why) {
    return new IllegalArgumentException("it " + why + " and says no name; give it one");
  }

  private static Reference readLayout(Path file, Optional<Reference> name, Store store)
      throws IOException {
    byte[] index = null;
    try (var in = open(file, store)) {
      var tar = new TarReader(in);
      for (TarEntry entry; (entry = tar.next()) != null; ) {
        var member = plain(entry);
        if (member.equals(INDEX)) {
          index = readSmall(entry, tar);
        } else if (member.startsWith(BLOBS) && entry.kind() == TarEntry.REGULAR) {
          readBlob(entry, member.substring(BLOBS.length()), tar, store);
        }
      }
    }
    if (index == null) {
      throw new BoxFormatException("the archive has no " + INDEX);
    }
    var manifests = Tags.manifests("archive's " + INDEX, index);
    if (manifests.size() != 1) {
      throw new BoxFormatException("the archive has " + manifests.size() + " boxes, and not one");
    }
    var manifest = manifests.get(0);
    var reference = name.or(() -> Tags.reference(manifest)).orElseThrow(() -> unnamed("is a box"));
    var image = store.open(manifest);
    image.check();
    store.tag(reference, image);
    return reference;
  }

  private static byte[] readSmall(TarEntry entry, TarReader tar) throws IOException {
    if (entry.size() > Manifest.MOST_BYTES) {
      throw LayerReader.refused(entry, "it is longer than " + Manifest.MOST_BYTES + " bytes");
    }
    return tar.content().readAllBytes();
  }

  private static void readBlob(TarEntry entry, String hex, TarReader tar, Store store)
      throws IOException {
    try (var upload = store.blobs().begin()) {
      tar.content().transferTo(upload.out());
      if (!upload.digest().hex().equals(hex)) {
        throw LayerReader.refused(entry, "its content has another digest");
      }
      upload.finish(MediaType.LAYER);
    }
  }
}
