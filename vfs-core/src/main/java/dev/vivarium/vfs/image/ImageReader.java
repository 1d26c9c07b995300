package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.tree.TreeState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Opens an image that anybody may have written, as a snapshot.
 *
 * <p>What describes the tree is read and checked at once, and takes memory only in proportion to
 * the file's own length. Contents are mapped, and read when somebody reads them; all that begins
 * with the snapshot shares them. What is damaged there is EIO to whoever reads it. The file must
 * stay as it is for as long as the snapshot is used; it may be replaced or removed.
 */
public final class ImageReader {
  private ImageReader() {}

  /**
   * Opens an image.
   *
   * @throws ImageFormatException if it is no image, is cut short, or its description of the tree is
   *     not right in every respect
   * @throws IOException if the file cannot be read
   */
  public static Snapshot open(Path file) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return open(
          new ImageBytes() {
            @Override
            public long length() throws IOException {
              return channel.size();
            }

            @Override
            public byte[] read(long position, int length) throws IOException {
              var bytes = ByteBuffer.allocate(length);
              while (bytes.hasRemaining()) {
                if (channel.read(bytes, position + bytes.position()) < 0) {
                  throw new ImageFormatException("the image is cut short");
                }
              }
              return bytes.array();
            }

            @Override
            public ByteBuffer map(long position, int length) throws IOException {
              return channel.map(FileChannel.MapMode.READ_ONLY, position, length);
            }
          });
    }
  }

  static Snapshot open(ImageBytes file) throws IOException {
    checkHeader(file);
    var metadata = readMetadata(file);
    new ImageCheck(metadata).check();
    return new Snapshot(TreeState.of(new StoredImage(metadata, new Content(file, metadata))));
  }

  private static void checkHeader(ImageBytes file) throws IOException {
    byte[] magic = ImageFormat.magic();
    byte[] header = file.read(0, (int) Math.min(ImageFormat.HEADER, file.length()));
    if (!Arrays.equals(Arrays.copyOf(header, magic.length), magic)) {
      throw new ImageFormatException("not a Vivarium image");
    }
    if (header.length == ImageFormat.HEADER && header[magic.length] != ImageFormat.VERSION) {
      throw new ImageFormatException(
          "the image has format version "
              + (header[magic.length] & 0xFF)
              + ", and this is a reader of version "
              + ImageFormat.VERSION
              + "; make it anew");
    }
  }

  private static Metadata readMetadata(ImageBytes file) throws IOException {
    long end = file.length() - ImageFormat.TRAILER;
    if (end < ImageFormat.HEADER) {
      throw new ImageFormatException("the image is cut short");
    }
    var trailer = ByteBuffer.wrap(file.read(end, ImageFormat.TRAILER));
    int inodes = trailer.getInt();
    int entries = trailer.getInt();
    int extents = trailer.getInt();
    int text = trailer.getInt();
    long contentEnd = trailer.getLong();
    int sum = trailer.getInt();
    int trailerSum = sum(Arrays.copyOf(trailer.array(), trailer.position()));
    if (trailer.getInt() != trailerSum || !trailer.equals(ByteBuffer.wrap(ImageFormat.magic()))) {
      throw new ImageFormatException("the image is cut short, or its end is damaged");
    }
    if (inodes <= 0
        || entries < 0
        || extents < 0
        || text < 0
        || contentEnd < ImageFormat.HEADER
        || contentEnd > end
        || Metadata.length(inodes, entries, extents, contentEnd, text) != end - contentEnd
        || end - contentEnd > Integer.MAX_VALUE - ImageFormat.INODE) {
      throw ImageFormat.damaged("its counts do not agree with its length");
    }
    byte[] bytes = file.read(contentEnd, (int) (end - contentEnd));
    if (sum(bytes) != sum) {
      throw ImageFormat.damaged("its checksum is wrong");
    }
    return new Metadata(bytes, inodes, entries, extents, contentEnd);
  }

  private static int sum(byte[] bytes) {
    var sum = new CRC32C();
    sum.update(bytes, 0, bytes.length);
    return (int) sum.getValue();
  }
}
