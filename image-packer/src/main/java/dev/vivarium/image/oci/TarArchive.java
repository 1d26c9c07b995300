package dev.vivarium.image.oci;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.image.ContentFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** A tar archive that somebody else has made, perhaps compressed. */
public final class TarArchive {
  private static final int HEAD = 512;
  private static final byte[] NO_MEMBERS = new byte[HEAD];
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
  private static final byte[] BZIP2 = {'B', 'Z', 'h'};
  private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

  /** Enough for what xz makes with its greatest preset, which takes 65 MiB. */
  private static final int XZ_MOST_KIB = 100 << 10;

  private TarArchive() {}

  /**
   * The tree that is in an archive, by its content: tar as it is, or with gzip, zstd, bzip2 or xz.
   * It is one if it begins with the header of a member.
   *
   * @param contents gets the contents of its files; null for the heap
   * @param whiteouts is told the first member that marks what is removed from a lower layer, and so
   *     is nothing here
   * @return nothing if it is none
   * @throws BoxFormatException if it is one that is damaged, or refused
   * @throws FileSystemException if the JVM's heap has no room for it
   */
  public static Optional<Snapshot> read(
      InputStream in, Limits limits, ContentFile contents, Consumer<String> whiteouts)
      throws IOException {
    var stored = new BufferedInputStream(in, 1 << 16);
    var decompressed = decompressed(stored);
    if (decompressed.isEmpty()) {
      return Optional.empty();
    }
    var plain = limited(decompressed.get(), limits);
    byte[] head = head(plain);
    // As Docker has it, which so takes one without members for another file.
    if (!TarReader.isArchive(head) || Arrays.equals(head, NO_MEMBERS)) {
      return Optional.empty();
    }
    var reader = new LayerReader(null, limits, contents);
    reader.apply(plain);
    reader.firstWhiteout().ifPresent(whiteouts);
    return Optional.of(reader.snapshot());
  }

  /**
   * The bytes of an archive without its compression, which is found by its content.
   *
   * @throws BoxFormatException if it is none, or damaged; also while it is read
   */
  static InputStream open(InputStream in, Limits limits) throws IOException {
    var stored = new BufferedInputStream(in, 1 << 16);
    BufferedInputStream plain;
    try {
      plain = limited(decompressing(stored), limits);
    } catch (IOException e) {
      throw DecompressedInput.damaged(e);
    }
    if (!TarReader.isArchive(head(plain))) {
      throw new BoxFormatException("it is no tar archive, compressed or not");
    }
    return plain;
  }

  private static BufferedInputStream limited(InputStream plain, Limits limits) {
    return new BufferedInputStream(new LimitedInput(plain, limits.bytes(), "the archive"), 1 << 16);
  }

  /** The stream without its compression; nothing if what is compressed cannot be read. */
  private static Optional<InputStream> decompressed(BufferedInputStream in) {
    try {
      return Optional.of(decompressing(in));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static InputStream decompressing(BufferedInputStream in) throws IOException {
    var decompressor = decompressor(in);
    return decompressor == in ? in : new DecompressedInput(decompressor);
  }

  private static InputStream decompressor(BufferedInputStream in) throws IOException {
    byte[] head = head(in);
    if (has(head, 0, GZIP)) {
      return Compression.GZIP.decompressing(in);
    }
    if (has(head, 0, ZSTD)) {
      return Compression.ZSTD.decompressing(in);
    }
    if (has(head, 0, BZIP2)) {
      return new BZip2CompressorInputStream(in, true);
    }
    if (has(head, 0, XZ)) {
      return new XZInputStream(in, XZ_MOST_KIB);
    }
    return in;
  }

  private static byte[] head(BufferedInputStream in) throws IOException {
    in.mark(HEAD);
    try {
      return in.readNBytes(HEAD);
    } finally {
      in.reset();
    }
  }

  private static boolean has(byte[] head, int at, byte[] magic) {
    return head.length >= at + magic.length
        && Arrays.equals(head, at, at + magic.length, magic, 0, magic.length);
  }
}
