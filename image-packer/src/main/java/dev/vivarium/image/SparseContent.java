package dev.vivarium.image;

import dev.vivarium.vfs.image.ContentFile;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Stat;
import java.io.IOException;
import java.io.InputStream;

/**
 * Copies content into files of a tree, where blocks of zeros become holes. It goes into a file of
 * the host, or else into the heap.
 */
public final class SparseContent {
  private static final int BLOCK = Stat.BLOCK_SIZE;

  // Null for the heap.
  private ContentFile contents;
  private final byte[] buffer = new byte[16 * BLOCK];

  /** Into the heap. */
  public SparseContent() {
    this(null);
  }

  /**
   * Into a file for as long as that takes it, and then into the heap.
   *
   * @param contents null for the heap
   */
  public SparseContent(ContentFile contents) {
    this.contents = contents;
  }

  /** Makes a stream, to its end, the content of a file that is empty. */
  public void copy(InputStream in, FileDescription file) throws IOException, ErrnoException {
    long position = 0;
    for (int count; (count = in.readNBytes(buffer, 0, buffer.length)) > 0; position += count) {
      write(file, position, buffer, count);
    }
    file.truncate(position);
  }

  /** Makes bytes the content of a file that is empty. */
  void copy(byte[] bytes, FileDescription file) throws ErrnoException {
    write(file, 0, bytes, bytes.length);
    file.truncate(bytes.length);
  }

  private void write(FileDescription file, long position, byte[] bytes, int count)
      throws ErrnoException {
    for (int from = 0; from < count; ) {
      int to = endOfBlock(from, count);
      if (isZero(bytes, from, to)) {
        from = to;
        continue;
      }
      while (to < count && !isZero(bytes, to, endOfBlock(to, count))) {
        to = endOfBlock(to, count);
      }
      write(file, position + from, bytes, from, to);
      from = to;
    }
  }

  private void write(FileDescription file, long position, byte[] bytes, int from, int to)
      throws ErrnoException {
    if (contents != null) {
      try {
        contents.write(file, position, bytes, from, to - from);
        return;
      } catch (IOException | OutOfMemoryError e) {
        // The disk is full, say: what is needed of it later will tell.
        contents = null;
      }
    }
    for (int done = from; done < to; ) {
      done += file.pwrite(bytes, done, to - done, position + done - from);
    }
  }

  private static int endOfBlock(int from, int count) {
    return Math.min(count, from + BLOCK);
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
