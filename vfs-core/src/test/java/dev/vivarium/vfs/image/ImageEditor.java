package dev.vivarium.vfs.image;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Changes the fields of an image, and makes its checksums right again. */
final class ImageEditor {
  private final ByteBuffer image;
  private final int trailer;
  private final int metadata;
  private final int metadataLength;

  ImageEditor(byte[] image) {
    this.image = ByteBuffer.wrap(image.clone());
    trailer = image.length - ImageFormat.TRAILER;
    metadata = (int) this.image.getLong(trailer + 16);
    metadataLength = (int) Metadata.length(inodes(), entries(), extents(), textLength());
  }

  int inodes() {
    return image.getInt(trailer);
  }

  private int entries() {
    return image.getInt(trailer + 4);
  }

  private int extents() {
    return image.getInt(trailer + 8);
  }

  private int textLength() {
    return image.getInt(trailer + 12);
  }

  int metadataLength() {
    return metadataLength;
  }

  /** Where the text is in the metadata. */
  int textBase() {
    return metadataLength() - textLength();
  }

  ImageEditor inode(int number, int field, int value) {
    image.putInt(metadata + (number - 1) * ImageFormat.INODE + field, value);
    return this;
  }

  ImageEditor inodeLong(int number, int field, long value) {
    image.putLong(metadata + (number - 1) * ImageFormat.INODE + field, value);
    return this;
  }

  ImageEditor entry(int number, int field, int value) {
    int entries = metadata + inodes() * ImageFormat.INODE;
    image.putInt(entries + number * ImageFormat.ENTRY + field, value);
    return this;
  }

  /** Changes what an entry says of its inode's kind. */
  ImageEditor kind(int number, int kind) {
    int entries = metadata + inodes() * ImageFormat.INODE;
    image.putShort(entries + number * ImageFormat.ENTRY + 4, (short) kind);
    return this;
  }

  private int extentAt(int number) {
    return metadata
        + inodes() * ImageFormat.INODE
        + entries() * ImageFormat.ENTRY
        + number * ImageFormat.EXTENT;
  }

  ImageEditor extent(int number, long page, int pages) {
    image.putLong(extentAt(number), page);
    image.putInt(extentAt(number) + 16, pages);
    return this;
  }

  ImageEditor extentPosition(int number, long position) {
    image.putLong(extentAt(number) + 8, position);
    return this;
  }

  ImageEditor text(int position, String value) {
    int text = metadata + textBase();
    for (int i = 0; i < value.length(); i++) {
      image.put(text + position + i, (byte) value.charAt(i));
    }
    return this;
  }

  ImageEditor trailer(int field, int value) {
    image.putInt(trailer + field, value);
    return this;
  }

  ImageEditor metadata(int position, byte value) {
    image.put(metadata + position, value);
    return this;
  }

  /** The image, with the checksums of its metadata and of its trailer. */
  byte[] sealed() {
    int end = metadata + metadataLength();
    int contentSums = (int) Blocks.count(metadata) * ImageFormat.SUM;
    for (int block = 0; block < Blocks.count(metadataLength()); block++) {
      int start = metadata + block * ImageFormat.BLOCK;
      image.putInt(
          end + contentSums + block * ImageFormat.SUM,
          sum(start, Math.min(end, start + ImageFormat.BLOCK)));
    }
    image.putInt(trailer + 24, sum(end, trailer));
    image.putInt(trailer + 28, sum(trailer, trailer + 28));
    return image.array();
  }

  private int sum(int from, int to) {
    var sum = new CRC32C();
    sum.update(image.array(), from, to - from);
    return (int) sum.getValue();
  }
}
