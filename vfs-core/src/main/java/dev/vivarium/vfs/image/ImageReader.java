package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.tree.Tree;
import dev.vivarium.vfs.tree.TreeState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Opens images as snapshots.
 *
 * <p>What is in an image is read when somebody looks at it, and contents that are read again are
 * mapped; all that begins with the snapshot shares it. What is damaged then is EIO to whoever
 * looks. The file, of the default filesystem, must stay as it is for as long as the snapshot is
 * used, and is kept open; it may be replaced or removed.
 */
public final class ImageReader {
  private ImageReader() {}

  /**
   * Opens an image that anybody may have written. What describes the tree is read and checked at
   * once, and takes memory in proportion to the file's own length; contents are not read.
   *
   * @throws ImageFormatException if it is no image, is cut short, or its description of the tree is
   *     not right in every respect
   * @throws IOException if the file cannot be read
   */
  public static Snapshot open(Path file) throws IOException {
    var bytes = new FileBytes(file);
    try {
      return open(bytes);
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  static Snapshot open(ImageBytes file) throws IOException {
    var image = image(file, () -> {});
    try {
      image.metadata().requireAll();
    } catch (ErrnoException e) {
      throw ImageFormat.damaged("its checksum is wrong");
    }
    new ImageCheck(image.metadata()).check();
    return new Snapshot(TreeState.of(image));
  }

  /**
   * Opens an image that was written by whoever trusts it, in a time that does not depend on the
   * number of its files. Nothing is looked for but accidents, and that when what they may have
   * happened to is first looked at.
   *
   * @param damage told when something is found damaged: under locks of whoever looks, and maybe
   *     again and again
   * @throws ImageFormatException if it is no image, is cut short, or its root cannot be read
   * @throws IOException if the file cannot be read
   */
  public static Snapshot openTrusted(Path file, Runnable damage) throws IOException {
    var bytes = new FileBytes(file);
    try {
      return openTrusted(bytes, damage);
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  static Snapshot openTrusted(ImageBytes file, Runnable damage) throws IOException {
    var image = image(file, damage);
    int root = (int) Tree.ROOT;
    try {
      image.metadata().requireInode(root);
    } catch (ErrnoException e) {
      throw ImageFormat.damaged("its root cannot be read");
    }
    if ((image.metadata().mode(root) & FileMode.S_IFMT) != FileType.DIRECTORY.bits()) {
      throw ImageFormat.damaged("its root is no directory");
    }
    return new Snapshot(TreeState.of(image));
  }

  /**
   * A file that stays open for as long as anything of its tree is used; the collector closes it. No
   * interrupt does: it is not read through its channel.
   */
  private static final class FileBytes implements ImageBytes {
    private final RandomAccessFile file;

    FileBytes(Path path) throws IOException {
      file = new RandomAccessFile(path.toFile(), "r");
    }

    void close() throws IOException {
      file.close();
    }

    @Override
    public long length() throws IOException {
      return file.length();
    }

    @Override
    public synchronized byte[] read(long position, int length) throws IOException {
      var bytes = new byte[length];
      file.seek(position);
      for (int done = 0; done < length; ) {
        int count = file.read(bytes, done, length - done);
        if (count < 0) {
          throw new ImageFormatException("the image is cut short");
        }
        done += count;
      }
      return bytes;
    }

    @Override
    public ByteBuffer map(long position, int length) throws IOException {
      return file.getChannel().map(FileChannel.MapMode.READ_ONLY, position, length);
    }
  }

  private static void checkHeader(ImageBytes file) throws IOException {
    var header = ByteBuffer.allocate(ImageFormat.HEADER);
    header.put(file.read(0, (int) Math.min(ImageFormat.HEADER, file.length())));
    boolean whole = !header.hasRemaining();
    if (header.rewind().getLong() != ImageFormat.MAGIC) {
      throw new ImageFormatException("not a Vivarium image");
    }
    byte version = header.get();
    if (whole && version != ImageFormat.VERSION) {
      throw new ImageFormatException(
          "the image has format version "
              + (version & 0xFF)
              + ", and this is a reader of version "
              + ImageFormat.VERSION
              + "; make it anew");
    }
  }

  private static StoredImage image(ImageBytes file, Runnable damage) throws IOException {
    checkHeader(file);
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
    boolean isSum = trailer.getInt() == trailerSum;
    if (!isSum || trailer.getLong() != ImageFormat.MAGIC) {
      throw new ImageFormatException("the image is cut short, or its end is damaged");
    }
    long length = Metadata.length(inodes, entries, extents, text);
    long sums = Blocks.count(contentEnd) + Blocks.count(length);
    if (inodes <= 0
        || entries < 0
        || extents < 0
        || text < 0
        || contentEnd < ImageFormat.HEADER
        || contentEnd > end
        || length + sums * ImageFormat.SUM != end - contentEnd
        || end - contentEnd > Integer.MAX_VALUE - ImageFormat.INODE) {
      throw ImageFormat.damaged("its counts do not agree with its length");
    }
    byte[] bytes = file.read(contentEnd + length, (int) sums * ImageFormat.SUM);
    if (sum(bytes) != sum) {
      throw ImageFormat.damaged("its checksums are wrong");
    }
    int split = (int) Blocks.count(contentEnd) * ImageFormat.SUM;
    var contentSums = ByteBuffer.wrap(bytes, 0, split).slice();
    var metadataSums = ByteBuffer.wrap(bytes, split, bytes.length - split).slice();
    var content = new Blocks(file, 0, contentEnd, contentSums, damage);
    var metadata = new Blocks(file, contentEnd, length, metadataSums, damage);
    return new StoredImage(new Metadata(inodes, entries, extents, contentEnd, metadata), content);
  }

  private static int sum(byte[] bytes) {
    var sum = new CRC32C();
    sum.update(bytes, 0, bytes.length);
    return (int) sum.getValue();
  }
}
