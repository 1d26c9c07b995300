package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.nio.ByteBuffer;

/**
 * Moves bytes between a buffer and a description: as many as one system call does, or as several do
 * where the buffer has no array that one could use.
 */
enum BufferMove {
  READ {
    @Override
    int call(FileDescription file, byte[] bytes, int offset, int length, long at)
        throws ErrnoException, InterruptedException {
      return at < 0
          ? file.read(bytes, offset, length)
          : file.pread(bytes, offset, (int) Math.min(length, Long.MAX_VALUE - at), at);
    }
  },
  WRITE {
    @Override
    int call(FileDescription file, byte[] bytes, int offset, int length, long at)
        throws ErrnoException, InterruptedException {
      return at < 0 ? file.write(bytes, offset, length) : file.pwrite(bytes, offset, length, at);
    }
  };

  /** The most that is copied at a time. */
  static final int CHUNK = 1 << 16;

  abstract int call(FileDescription file, byte[] bytes, int offset, int length, long at)
      throws ErrnoException, InterruptedException;

  /**
   * Moves what the buffer has left.
   *
   * @param at where in the file; negative for the description's offset, which moves on
   * @return how much was moved, by which the buffer's position has moved too
   */
  int move(FileDescription file, ByteBuffer buffer, long at)
      throws ErrnoException, InterruptedException {
    if (!buffer.hasArray()) {
      return moveByCopy(file, buffer, at);
    }
    int from = buffer.arrayOffset() + buffer.position();
    int count = call(file, buffer.array(), from, buffer.remaining(), at);
    buffer.position(buffer.position() + count);
    return count;
  }

  private int moveByCopy(FileDescription file, ByteBuffer buffer, long at)
      throws ErrnoException, InterruptedException {
    var chunk = new byte[Math.min(CHUNK, buffer.remaining())];
    boolean again = file.type() == FileType.REGULAR;
    int total = 0;
    do {
      int asked = Math.min(chunk.length, buffer.remaining());
      if (this == WRITE) {
        buffer.get(buffer.position(), chunk, 0, asked);
      }
      int count;
      try {
        count = call(file, chunk, 0, asked, at < 0 ? at : at + total);
      } catch (ErrnoException e) {
        if (total > 0) {
          // Whoever asks for the rest is told.
          break;
        }
        throw e;
      }
      if (this == READ) {
        buffer.put(buffer.position(), chunk, 0, count);
      }
      buffer.position(buffer.position() + count);
      total += count;
      again &= count == asked;
    } while (again && buffer.hasRemaining());
    return total;
  }
}
