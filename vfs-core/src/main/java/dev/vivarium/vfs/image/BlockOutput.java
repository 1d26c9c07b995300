package dev.vivarium.vfs.image;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32C;

/** A part of an image as it is written, and the checksums of its blocks. */
final class BlockOutput {
  private final OutputStream out;
  private final Section sums;
  private final CRC32C sum = new CRC32C();
  private long position;

  /**
   * @param sums where the checksums go
   */
  BlockOutput(OutputStream out, Section sums) {
    this.out = out;
    this.sums = sums;
  }

  /** How much has been written. */
  long position() {
    return position;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    for (int done = 0; done < length; ) {
      int left = ImageFormat.BLOCK - (int) (position % ImageFormat.BLOCK);
      int part = Math.min(left, length - done);
      sum.update(bytes, offset + done, part);
      done += part;
      position += part;
      if (part == left) {
        endBlock();
      }
    }
  }

  /** Ends the last block. */
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
