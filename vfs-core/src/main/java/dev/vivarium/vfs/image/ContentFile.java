package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.RegularFileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MappingFault;
import dev.vivarium.vfs.tree.StoredContent;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file of the host that has the contents of files in memory, so that they take no room in the
 * heap: for trees that are made of much. In the end it can become the image of one of them.
 *
 * <p>Contents are added and never changed: a file that is written gets pages of its own, as always.
 * Any number of threads may use it, and an interrupt does not close it. Whoever has it open sees
 * what it has for as long as it is used, also when it has been closed or moved.
 */
public final class ContentFile implements Closeable {
  /** Divides the file into what is mapped at once. */
  private static final int SEGMENT = 1 << 26;

  /** The part of an image, 1/8, that may be content which no file of it has. */
  private static final int MOST_WASTE = 8;

  private final Path path;
  private final RandomAccessFile file;
  private final Section sums = new Section();
  private final Output out = new Output();
  private final BlockOutput content = new BlockOutput(out, sums);
  private final Stored stored = new Stored();
  private final byte[] pending = new byte[1 << 16];
  private int filled;
  private boolean ended;
  private boolean isImage;
  // What is before it is in the file; what is behind it is pending.
  private volatile long written;
  private volatile ByteBuffer[] segments = {};

  private ContentFile(Path path) throws IOException {
    this.path = path;
    this.file = new RandomAccessFile(path.toFile(), "rw");
    ImageWriter.writeHeader(content);
  }

  /**
   * Makes an empty one.
   *
   * @param path of the default filesystem, where nothing is
   * @throws IOException if it cannot be made
   */
  public static ContentFile create(Path path) throws IOException {
    Files.createFile(path);
    return new ContentFile(path);
  }

  /**
   * Adds bytes, and makes them the content of a file at an offset where it has a hole. The file
   * becomes as long as that needs, and is charged as if it had been written.
   *
   * @param file a regular file in memory, open for writing
   * @param at a multiple of 4,096
   * @throws IOException if the bytes cannot be added, as no others from now on; the file has not
   *     changed
   * @throws ErrnoException EOPNOTSUPP if the file is none in memory; else, in checking order:
   *     EINVAL if {@code at} is negative; EBADF if it is not open for writing; EINVAL if {@code at}
   *     is no multiple, or something is there already; ENOSPC, EDQUOT
   */
  public void write(FileDescription file, long at, byte[] bytes, int offset, int length)
      throws IOException, ErrnoException {
    if (!(file instanceof RegularFileDescription regular)) {
      throw Errno.EOPNOTSUPP.exception();
    }
    regular.attach(at, stored, add(bytes, offset, length), length);
  }

  /** Adds bytes; where they are. */
  private synchronized long add(byte[] bytes, int offset, int length) throws IOException {
    if (ended) {
      throw new IOException(path + " takes no more");
    }
    long position = content.position();
    // Unless all of it has been added.
    ended = true;
    content.write(bytes, offset, length);
    ended = false;
    return position;
  }

  /**
   * Whether it should become the image of a tree: at least seven eighths of what it has are content
   * of the tree. Looks at every inode.
   */
  public boolean suits(Snapshot tree) {
    long has = content.position();
    return has - tree.bytesIn(stored) <= has / MOST_WASTE;
  }

  /**
   * Makes it the image of a tree, once; whatever the tree has elsewhere is added. Nothing else can
   * be added any more.
   *
   * @return where it is, which is left to the caller now
   * @throws IOException if it cannot be written, or the tree not read
   */
  public Path finish(Snapshot tree) throws IOException {
    synchronized (this) {
      if (ended) {
        throw new IOException(path + " takes no more");
      }
      ended = true;
    }
    ImageWriter.finish(tree, stored, content, sums, out);
    synchronized (this) {
      isImage = true;
      return path;
    }
  }

  /** Whether nothing can be added any more. */
  public synchronized boolean hasEnded() {
    return ended;
  }

  /** Ends it, and removes it from the host's directory, unless it has become an image. */
  @Override
  public synchronized void close() throws IOException {
    ended = true;
    if (!isImage) {
      Files.deleteIfExists(path);
    }
  }

  /** Gathers what is written. */
  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      synchronized (ContentFile.this) {
        for (int done = 0; done < length; ) {
          if (filled == pending.length) {
            flush();
          }
          int part = Math.min(length - done, pending.length - filled);
          System.arraycopy(bytes, offset + done, pending, filled, part);
          filled += part;
          done += part;
        }
      }
    }

    @Override
    public void flush() throws IOException {
      synchronized (ContentFile.this) {
        file.seek(written);
        file.write(pending, 0, filled);
        written += filled;
        filled = 0;
      }
    }
  }

  /** What files have of it. */
  private final class Stored implements StoredContent {
    @Override
    public void read(long position, byte[] target, int offset, int length) throws ErrnoException {
      try {
        for (int done = 0; done < length; ) {
          long at = position + done;
          int part = (int) Math.min(length - done, SEGMENT - at % SEGMENT);
          part = (int) Math.min(part, written - at);
          if (part <= 0) {
            part = readPending(at, target, offset + done, length - done);
          } else {
            var mapped = mapped(at, part);
            if (mapped == null) {
              readFile(at, target, offset + done, part);
            } else {
              mapped.get((int) (at % SEGMENT), target, offset + done, part);
            }
          }
          done += part;
        }
      } catch (IOException e) {
        throw Errno.EIO.exception();
      } catch (InternalError e) {
        throw MappingFault.failure(e);
      }
    }
  }

  /** Reads what is not in the file yet; 0 if it is, by now. */
  private synchronized int readPending(long position, byte[] target, int offset, int length) {
    if (position < written) {
      return 0;
    }
    System.arraycopy(pending, (int) (position - written), target, offset, length);
    return length;
  }

  private synchronized void readFile(long position, byte[] target, int offset, int length)
      throws IOException {
    file.seek(position);
    file.readFully(target, offset, length);
  }

  /** The mapped segment in which some bytes are; null if it cannot be mapped. */
  private ByteBuffer mapped(long position, int length) {
    int segment = (int) (position / SEGMENT);
    var present = segments;
    if (segment < present.length
        && present[segment] != null
        && present[segment].capacity() >= position % SEGMENT + length) {
      return present[segment];
    }
    return map(segment);
  }

  /** Maps what there is of a segment; null if that cannot be done. */
  private synchronized ByteBuffer map(int segment) {
    long from = (long) segment * SEGMENT;
    long length = Math.min(SEGMENT, written - from);
    var mapped = Arrays.copyOf(segments, Math.max(segments.length, segment + 1));
    mapped[segment] = null;
    try {
      var mapper = new Thread(() -> map(mapped, segment, from, length), "mapper");
      mapper.setDaemon(true);
      mapper.start();
      join(mapper);
    } catch (OutOfMemoryError e) {
      // The system has no room for a thread.
      return null;
    }
    segments = mapped;
    return mapped[segment];
  }

  /** In a thread that nobody interrupts, which would close the file. */
  private void map(ByteBuffer[] mapped, int segment, long from, long length) {
    try {
      mapped[segment] = file.getChannel().map(FileChannel.MapMode.READ_ONLY, from, length);
    } catch (IOException e) {
      // No room for it among the addresses of the process.
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
