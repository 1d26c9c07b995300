package dev.vivarium.vfs.image;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MappingFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A part of an image, in blocks that have a checksum each. */
final class Blocks {
  /** A multiple of the block, and no more than a buffer can have. */
  private static final int SEGMENT = 1 << 30;

  private final ImageBytes file;
  private final long start;
  private final long length;
  private final ByteBuffer sums;
  private final Runnable damage;
  // Null until it is mapped.
  private volatile ByteBuffer[] segments;

  /**
   * @param sums those of the blocks
   * @param damage told when something is not as it was written
   */
  Blocks(ImageBytes file, long start, long length, ByteBuffer sums, Runnable damage) {
    this.file = file;
    this.start = start;
    this.length = length;
    this.sums = sums;
    this.damage = damage;
  }

  /** How many blocks so many bytes are. */
  static long count(long length) {
    return (length + ImageFormat.BLOCK - 1) / ImageFormat.BLOCK;
  }

  long length() {
    return length;
  }

  /** Begins to map it, so that {@link #copy} no longer asks the system. */
  void map() {
    new Mapper().start();
  }

  /**
   * Maps in a thread of its own: the first mapping of a JVM takes as long as all else of an
   * opening. Nobody interrupts it, which would close the file.
   */
  private final class Mapper extends Thread {
    Mapper() {
      super("mapper");
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        var mapped = new ByteBuffer[(int) ((length + SEGMENT - 1) / SEGMENT)];
        for (int i = 0; i < mapped.length; i++) {
          long position = (long) i * SEGMENT;
          mapped[i] = file.map(start + position, (int) Math.min(SEGMENT, length - position));
        }
        segments = mapped;
      } catch (IOException e) {
        // No room for it among the addresses of the process: it is read as before.
      }
    }
  }

  /**
   * The bytes of a block, verified.
   *
   * @throws ErrnoException EIO if they are not those that the image was written with
   */
  byte[] read(int block) throws ErrnoException {
    long position = (long) block * ImageFormat.BLOCK;
    try {
      // Not out of the mapping: a fault in the middle of a checksum would end the JVM.
      byte[] bytes =
          file.read(start + position, (int) Math.min(ImageFormat.BLOCK, length - position));
      var sum = new CRC32C();
      sum.update(bytes, 0, bytes.length);
      if ((int) sum.getValue() == sums.getInt(block * ImageFormat.SUM)) {
        return bytes;
      }
    } catch (IOException e) {
      // The file has become shorter, or its disk fails.
    }
    throw damaged();
  }

  /**
   * Copies what is in one block, and does not verify it. A {@link MappingFault}, now or soon, means
   * that the file has become shorter.
   *
   * @throws IOException if it cannot be read
   */
  void copy(long position, byte[] target, int offset, int length) throws IOException {
    var mapped = segments;
    if (mapped == null) {
      System.arraycopy(file.read(start + position, length), 0, target, offset, length);
    } else {
      mapped[(int) (position / SEGMENT)].get((int) (position % SEGMENT), target, offset, length);
    }
  }

  /** Tells that something is not as it was written. */
  ErrnoException damaged() {
    damage.run();
    return Errno.EIO.exception();
  }
}
