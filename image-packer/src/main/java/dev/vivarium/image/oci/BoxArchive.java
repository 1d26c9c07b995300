package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.image.HostReason;
import dev.vivarium.vfs.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A box as one file: the archive of an OCI image layout, the same bytes for the same box. What is
 * read may also be the archive of a tree, which becomes a box of one layer.
 */
public final class BoxArchive {
  private BoxArchive() {}

  /**
   * Writes a box with its name, and flushes, but does not close, the stream.
   *
   * @param name empty for none, so that who reads it has to give it one
   * @throws IOException if the stream fails, or the box is damaged
   */
  public static void write(Image image, Optional<Reference> name, OutputStream out)
      throws IOException {
    var blobs = new TreeMap<Digest, Descriptor>();
    var manifest = image.manifest();
    blobs.put(image.digest(), image.descriptor());
    blobs.put(manifest.config().digest(), manifest.config());
    manifest.layers().forEach(layer -> blobs.put(layer.digest(), layer));
    // Without what the store's index says of it, such as another name.
    var box =
        new Descriptor(image.descriptor().mediaType(), image.digest(), image.descriptor().size());
    var entry = name.map(given -> Tags.named(given, box)).orElse(box);
    var tar = new TarWriter(out);
    tar.begin(member("blobs/", TarEntry.DIRECTORY, 0));
    tar.begin(member(LayoutArchive.BLOBS, TarEntry.DIRECTORY, 0));
    for (var blob : blobs.values()) {
      image.store().blobs().verify(blob);
      tar.begin(member(LayoutArchive.BLOBS + blob.digest().hex(), TarEntry.REGULAR, blob.size()));
      try (var in = image.openBlob(blob)) {
        copy(in, tar);
      }
    }
    write(tar, LayoutArchive.INDEX, Tags.index(List.of(entry)));
    write(tar, LayoutArchive.LAYOUT, Blobs.LAYOUT);
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
   * @param file a tar archive, as it is or compressed with gzip, bzip2, xz or zstd
   * @param name its name; empty for the one that the archive says
   * @return the name that it has
   * @throws BoxFormatException if it is refused; nothing has a name then that had none
   * @throws IllegalArgumentException if no name is given and the archive says none
   */
  public static Reference read(Path file, Optional<Reference> name, Store store)
      throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "is a directory");
    }
    try {
      return isLayout(file, store) ? readLayout(file, name, store) : readTree(file, name, store);
    } catch (IOException e) {
      throw HostReason.worded(e);
    }
  }

  /**
   * As {@link #read(Path, Optional, Store)}, of a stream, which is put into a file of the store
   * first: what kind of archive it is can be known only once much of it has been read.
   */
  public static Reference read(InputStream in, Optional<Reference> name, Store store)
      throws IOException {
    var file = store.blobs().newUpload();
    try {
      Files.copy(new LimitedInput(in, store.limits().bytes(), "the archive"), file);
      return read(file, name, store);
    } catch (IOException e) {
      throw HostReason.worded(e);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static boolean isLayout(Path file, Store store) throws IOException {
    try (var in = open(file, store)) {
      return LayoutArchive.isIn(in);
    }
  }

  private static InputStream open(Path file, Store store) throws IOException {
    var in = Files.newInputStream(file);
    try {
      return TarArchive.open(in, store.limits());
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private static Reference readTree(Path file, Optional<Reference> name, Store store)
      throws IOException {
    var reference = name.orElseThrow(BoxArchive::unnamed);
    try (var in = open(file, store)) {
      var layer = store.putArchive(in);
      store.tag(reference, store.putImage(BoxConfig.builder().build(), List.of(layer)));
    }
    return reference;
  }

  private static IllegalArgumentException unnamed() {
    return new IllegalArgumentException(
        "it is the archive of a tree and says no name; give it one");
  }

  private static Reference readLayout(Path file, Optional<Reference> name, Store store)
      throws IOException {
    var added = new HashSet<Digest>();
    Reference reference;
    // It has a lease of its own, without which nobody needs what it has put if that is refused.
    try (var incoming = Store.open(store.directory(), store.limits())) {
      LayoutArchive archive;
      try (var in = open(file, incoming)) {
        archive = LayoutArchive.read(in, incoming, added);
      }
      reference = name.isPresent() ? name.get() : archive.name();
      var image = archive.image();
      if (name.isPresent()) {
        incoming.tag(reference, image);
      } else {
        // As what is pulled, it may have the digest of an index.
        incoming.tagPulled(reference, image);
      }
      added.remove(image.digest());
      added.remove(image.manifest().config().digest());
      image.manifest().layers().forEach(layer -> added.remove(layer.digest()));
    } catch (IOException | RuntimeException e) {
      store.discard(added);
      throw e;
    }
    if (!added.isEmpty()) {
      // What is for other platforms is nobody's.
      store.discard(added);
    }
    return reference;
  }
}
