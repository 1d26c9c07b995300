package dev.vivarium.image;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Stat;
import java.io.IOException;
import java.io.InputStream;

/** Copies content into files of a tree, where blocks of zeros become holes. */
public final class SparseContent {
  private static final int BLOCK = Stat.BLOCK_SIZE;

  private final byte[] buffer = new byte[16 * BLOCK];

  /** Makes a stream, to its end, the content of a file that is empty. */
  public void copy(InputStream in, FileDescription file) throws IOException, ErrnoException {
    long position = 0;
    for (int count; (count = in.readNBytes(buffer, 0, buffer.length)) > 0; position += count) {
      writeBlocks(file, position, count);
    }
    file.truncate(position);
  }

  private void writeBlocks(FileDescription file, long position, int count) throws ErrnoException {
    for (int from = 0; from < count; from += BLOCK) {
      int to = Math.min(count, from + BLOCK);
      if (!isZero(from, to)) {
        for (int at = from; at < to; ) {
          at += file.pwrite(buffer, at, to - at, position + at);
        }
      }
    }
  }

  private boolean isZero(int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
