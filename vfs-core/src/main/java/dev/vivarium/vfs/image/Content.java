package dev.vivarium.vfs.image;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The content of an image: mapped, and verified block by block when it is first read. */
final class Content {
  /** A multiple of the block, and no more than a buffer can have. */
  private static final int SEGMENT = 1 << 30;

  private final ByteBuffer[] segments;
  private final Metadata metadata;
  // Written by any thread that finds a block in order; no harm if another verifies it again.
  private final boolean[] verified;

  Content(ImageBytes file, Metadata metadata) throws IOException {
    long end = metadata.contentEnd();
    this.metadata = metadata;
    verified = new boolean[metadata.blocks()];
    segments = new ByteBuffer[(int) ((end + SEGMENT - 1) / SEGMENT)];
    for (int i = 0; i < segments.length; i++) {
      long position = (long) i * SEGMENT;
      segments[i] = file.map(position, (int) Math.min(SEGMENT, end - position));
    }
  }

  /**
   * Reads what lies within the content.
   *
   * @throws ErrnoException EIO if it is not what the image was written with
   */
  void read(long position, byte[] target, int offset, int length) throws ErrnoException {
    try {
      for (int done = 0; done < length; ) {
        long at = position + done;
        int block = (int) (at / ImageFormat.BLOCK);
        int part = (int) Math.min(length - done, (block + 1L) * ImageFormat.BLOCK - at);
        if (!verified[block]) {
          verify(block);
        }
        copy(at, target, offset + done, part);
        done += part;
      }
    } catch (InternalError e) {
      // The file has become shorter under the mapping.
      throw Errno.EIO.exception();
    }
  }

  private void verify(int block) throws ErrnoException {
    long start = (long) block * ImageFormat.BLOCK;
    var bytes = new byte[(int) Math.min(ImageFormat.BLOCK, metadata.contentEnd() - start)];
    // Out of the mapping first: a fault in the middle of a checksum would end the JVM.
    copy(start, bytes, 0, bytes.length);
    var sum = new CRC32C();
    sum.update(bytes, 0, bytes.length);
    if ((int) sum.getValue() != metadata.sum(block)) {
      throw Errno.EIO.exception();
    }
    verified[block] = true;
  }

  /** Copies what is in one block. */
  private void copy(long position, byte[] target, int offset, int length) {
    segments[(int) (position / SEGMENT)].get((int) (position % SEGMENT), target, offset, length);
  }
}
