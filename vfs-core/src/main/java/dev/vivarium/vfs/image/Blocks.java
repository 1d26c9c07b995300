package dev.vivarium.vfs.image;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MappingFault;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** A part of an image, in blocks that have a checksum each, verified when they are first read. */
final class Blocks {
  /** A multiple of the block, and no more than a buffer can have. */
  private static final int SEGMENT = 1 << 30;

  private final ImageBytes file;
  private final long start;
  private final long length;
  private final ByteBuffer sums;
  private final Runnable damage;
  // Written by any thread that finds a block in order; no harm if another verifies it again.
  private final boolean[] verified;
  private Mapper mapper;
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
    verified = new boolean[(int) count(length)];
  }

  /** How many blocks so many bytes are. */
  static long count(long length) {
    return (length + ImageFormat.BLOCK - 1) / ImageFormat.BLOCK;
  }

  long length() {
    return length;
  }

  /** Begins to map it, unless that has begun. */
  private synchronized void map() {
    if (mapper == null) {
      mapper = new Mapper();
      try {
        mapper.start();
      } catch (OutOfMemoryError e) {
        // The system has no room for a thread: it is read as before.
      }
    }
  }

  /**
   * Maps in a thread of its own: the first mapping of a JVM takes as long as the opening of an
   * image. Nobody interrupts it, which would close the file.
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
   * Reads what lies within this, and verifies each block once. A {@link MappingFault} soon after it
   * means that the file has become shorter.
   *
   * @throws ErrnoException EIO if it is not what the image was written with
   */
  void read(long position, byte[] target, int offset, int length) throws ErrnoException {
    try {
      for (int done = 0; done < length; ) {
        long at = position + done;
        int block = (int) (at / ImageFormat.BLOCK);
        int part = (int) Math.min(length - done, (block + 1L) * ImageFormat.BLOCK - at);
        if (verified[block]) {
          copy(at, target, offset + done, part);
        } else {
          byte[] bytes = read(block);
          verified[block] = true;
          System.arraycopy(bytes, (int) (at % ImageFormat.BLOCK), target, offset + done, part);
        }
        done += part;
      }
    } catch (IOException e) {
      throw damaged();
    } catch (InternalError e) {
      if (!MappingFault.isOne(e)) {
        throw e;
      }
      throw damaged();
    }
  }

  /** Copies what is in one block that was verified, out of a mapping, which this begins to make. */
  private void copy(long position, byte[] target, int offset, int length) throws IOException {
    var mapped = segments;
    if (mapped == null) {
      map();
      System.arraycopy(file.read(start + position, length), 0, target, offset, length);
    } else {
      mapped[(int) (position / SEGMENT)].get((int) (position % SEGMENT), target, offset, length);
      // The JVM may tell a fault later than here, and has copied zeros then.
      if (file.length() < start + position + length) {
        throw new EOFException();
      }
    }
  }

  /** Tells that something is not as it was written. */
  private ErrnoException damaged() {
    damage.run();
    return Errno.EIO.exception();
  }
}
