package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.RegularFileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MappingFault;
import dev.vivarium.vfs.tree.StoredContent;
import java.io.Closeable;
import java.io.EOFException;
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
 * Any number of threads may use it, and an interrupt does not close it. Nobody but its owner may
 * read it. Files have what is in it for as long as they are used, also when it has been closed or
 * moved; whoever changes it on the disk changes them.
 */
public final class ContentFile implements Closeable {
  /** Divides the file into what is mapped at once. */
  private static final int SEGMENT = 1 << 26;

  /** The part of an image, 1/8, that may be content which no file of it has. */
  private static final int MOST_WASTE = 8;

  /** How often it is asked whether the disk has room, in bytes. */
  private static final int STEP = 1 << 20;

  private final Path path;
  private final RandomAccessFile file;
  // What is mapped of a file that could be written would make it longer where somebody has cut it.
  private final RandomAccessFile reading;
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
  private volatile boolean unmappable;

  private ContentFile(Path path) throws IOException {
    this.path = path;
    this.file = new RandomAccessFile(path.toFile(), "rw");
    this.reading = new RandomAccessFile(path.toFile(), "r");
    ImageWriter.writeHeader(content);
  }

  /**
   * Makes an empty one.
   *
   * @param directory of the default filesystem
   * @param prefix of its name
   * @throws IOException if it cannot be made
   */
  public static ContentFile create(Path directory, String prefix) throws IOException {
    var path = Files.createTempFile(directory, prefix, "");
    try {
      return new ContentFile(path);
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /**
   * Adds bytes, and makes them the content of a file at an offset where it has a hole. The file
   * becomes as long as that needs, and is charged as if it had been written. Nothing is added that
   * would leave less room on the disk than this has taken: what is made of it needs some, too.
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
    if (position / STEP != (position + length) / STEP) {
      requireRoom(position + length);
    }
    content.write(bytes, offset, length);
    ended = false;
    return position;
  }

  private void requireRoom(long taken) throws IOException {
    if (path.toFile().getUsableSpace() < taken) {
      throw new IOException(path + " would fill the disk");
    }
  }

  /**
   * Whether it can become the image of a tree and should: at least seven eighths of what it has are
   * content of the tree. Looks at every inode.
   */
  public boolean suits(Snapshot tree) {
    long has;
    synchronized (this) {
      if (ended) {
        return false;
      }
      has = content.position();
    }
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

  /**
   * Ends it, and removes it from the host's directory, unless it has become an image. Its room is
   * free when no file uses it any more, and the collector has seen that.
   */
  @Override
  public synchronized void close() {
    ended = true;
    if (!isImage) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // It stays, and takes its room.
      }
    }
  }

  /** Closes it when no file uses it: its room is free at once. */
  public synchronized void discard() {
    close();
    try {
      file.close();
      reading.close();
    } catch (IOException e) {
      // Nothing is kept in it.
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
            readWritten(at, target, offset + done, part);
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

  /** Reads what is in one segment. */
  private void readWritten(long position, byte[] target, int offset, int length)
      throws IOException {
    var mapped = mapped(position, length);
    if (mapped == null) {
      readFile(position, target, offset, length);
      return;
    }
    mapped.get((int) (position % SEGMENT), target, offset, length);
    // The JVM may tell a fault later than here, and has copied zeros then.
    if (reading.length() < position + length) {
      throw new EOFException();
    }
  }

  private synchronized void readFile(long position, byte[] target, int offset, int length)
      throws IOException {
    reading.seek(position);
    reading.readFully(target, offset, length);
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
    return unmappable ? null : map(segment);
  }

  /** Maps what there is of a segment; null if that cannot be done. */
  private synchronized ByteBuffer map(int segment) {
    long from = (long) segment * SEGMENT;
    long length = Math.min(SEGMENT, written - from);
    var made = new ByteBuffer[1];
    try {
      var mapper = new Thread(() -> made[0] = map(from, length), "mapper");
      mapper.setDaemon(true);
      mapper.start();
      join(mapper);
    } catch (OutOfMemoryError e) {
      // The system has no room for a thread.
    }
    if (made[0] == null) {
      unmappable = true;
      return null;
    }
    var mapped = Arrays.copyOf(segments, Math.max(segments.length, segment + 1));
    mapped[segment] = made[0];
    segments = mapped;
    return made[0];
  }

  /** In a thread that nobody interrupts, which would close the file; null if there is no room. */
  private ByteBuffer map(long from, long length) {
    try {
      return reading.getChannel().map(FileChannel.MapMode.READ_ONLY, from, length);
    } catch (IOException e) {
      // None among the addresses of the process; or it has been cut, which whoever reads it finds.
      return null;
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
