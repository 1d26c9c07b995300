package dev.vivarium.vfs.image;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MappingFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A part of an image: mapped, in blocks that have a checksum each. */
final class Blocks {
  /** A multiple of the block, and no more than a buffer can have. */
  private static final int SEGMENT = 1 << 30;

  private final ByteBuffer[] segments;
  private final long length;
  private final ByteBuffer sums;
  private final Runnable damage;

  /**
   * @param sums those of the blocks
   * @param damage told when something is not as it was written
   */
  Blocks(ImageBytes file, long start, long length, ByteBuffer sums, Runnable damage)
      throws IOException {
    this.length = length;
    this.sums = sums;
    this.damage = damage;
    segments = new ByteBuffer[(int) ((length + SEGMENT - 1) / SEGMENT)];
    for (int i = 0; i < segments.length; i++) {
      long position = (long) i * SEGMENT;
      segments[i] = file.map(start + position, (int) Math.min(SEGMENT, length - position));
    }
  }

  /** How many blocks so many bytes are. */
  static long count(long length) {
    return (length + ImageFormat.BLOCK - 1) / ImageFormat.BLOCK;
  }

  long length() {
    return length;
  }

  /**
   * The bytes of a block, verified.
   *
   * @throws ErrnoException EIO if they are not those that the image was written with
   */
  byte[] read(int block) throws ErrnoException {
    long start = (long) block * ImageFormat.BLOCK;
    var bytes = new byte[(int) Math.min(ImageFormat.BLOCK, length - start)];
    try {
      // Out of the mapping first: a fault in the middle of a checksum would end the JVM.
      copy(start, bytes, 0, bytes.length);
      var sum = new CRC32C();
      sum.update(bytes, 0, bytes.length);
      if ((int) sum.getValue() == sums.getInt(block * ImageFormat.SUM)) {
        return bytes;
      }
    } catch (InternalError e) {
      throw damaged(e);
    }
    damage.run();
    throw Errno.EIO.exception();
  }

  /**
   * Copies what is in one block, and does not verify it. A {@link MappingFault}, now or soon, means
   * that the file has become shorter.
   */
  void copy(long position, byte[] target, int offset, int length) {
    segments[(int) (position / SEGMENT)].get((int) (position % SEGMENT), target, offset, length);
  }

  /** Tells that something is no longer there, if that is what an error says. */
  ErrnoException damaged(InternalError error) {
    var failure = MappingFault.failure(error);
    damage.run();
    return failure;
  }
}
