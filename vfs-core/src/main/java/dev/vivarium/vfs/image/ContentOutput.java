package dev.vivarium.vfs.image;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/** The beginning of an image as it is written: header and content, and their checksums. */
final class ContentOutput {
  private final OutputStream out;
  private final Section sums;
  private final CRC32C sum = new CRC32C();
  private long position;

  /** Writes the header. */
  ContentOutput(OutputStream out, Section sums) throws IOException {
    this.out = out;
    this.sums = sums;
    write(ImageFormat.magic(), ImageFormat.HEADER - 1);
    write(new byte[] {ImageFormat.VERSION}, 1);
  }

  long position() {
    return position;
  }

  void write(byte[] bytes, int length) throws IOException {
    out.write(bytes, 0, length);
    for (int done = 0; done < length; ) {
      int left = ImageFormat.BLOCK - (int) (position % ImageFormat.BLOCK);
      int part = Math.min(left, length - done);
      sum.update(bytes, done, part);
      done += part;
      position += part;
      if (part == left) {
        endBlock();
      }
    }
  }

  /** Ends the content. */
  void finish() throws IOException {
    if (position % ImageFormat.BLOCK != 0) {
      endBlock();
    }
  }

  private void endBlock() throws IOException {
    sums.putInt((int) sum.getValue());
    sum.reset();
  }
}
