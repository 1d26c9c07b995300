package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * A channel on an open file description, which has the offset. An interrupt of a thread that is in
 * a call closes the channel, as the platform has it. What is mapped would have to be memory outside
 * the heap that follows the tree, so nothing can be.
 */
final class VfsFileChannel extends FileChannel {
  private static final int CHUNK = 1 << 16;

  private final VfsFileSystem fileSystem;
  private final VfsPath path;
  private final FileDescription file;
  private final OpenMode mode;
  private final boolean seekable;
  private final FileKey key;
  // Held for calls that use the offset, so that those of several buffers are not mixed.
  private final Object position = new Object();
  // Those that wait for a lock.
  private final Set<Thread> waiting = new HashSet<>();

  private VfsFileChannel(
      VfsFileSystem fileSystem, VfsPath path, FileDescription file, OpenMode mode)
      throws ErrnoException {
    this.fileSystem = fileSystem;
    this.path = path;
    this.file = file;
    this.mode = mode;
    this.seekable = file.type() == FileType.REGULAR;
    this.key = FileKey.of(fileSystem, file.stat());
  }

  static VfsFileChannel open(FileRef ref, OpenMode mode, FileAttribute<?>... attributes)
      throws IOException {
    int permissions = FilePermissions.initial(0666, attributes);
    if (mode.deleteOnClose()) {
      ref.requireWritable();
    }
    var file = ref.open(mode.flags(), permissions);
    boolean opened = false;
    try {
      var channel = new VfsFileChannel(ref.fileSystem(), ref.shown(), file, mode);
      if (mode.deleteOnClose()) {
        ref.unlink();
      }
      opened = true;
      ref.fileSystem().opened(channel);
      return channel;
    } catch (ErrnoException e) {
      throw Failures.of(e, ref.shown());
    } finally {
      if (!opened) {
        file.release();
      }
    }
  }

  @Override
  protected void implCloseChannel() {
    fileSystem.closed(this);
    synchronized (waiting) {
      waiting.forEach(Thread::interrupt);
      waiting.clear();
    }
    FileLocks.releaseAll(this, key);
    file.release();
  }

  // ---- reading ------------------------------------------------------------------------------

  @Override
  public int read(ByteBuffer target) throws IOException {
    requireReadable();
    synchronized (position) {
      return fill(target, -1);
    }
  }

  @Override
  public int read(ByteBuffer target, long at) throws IOException {
    requireNotNegative(at);
    requireReadable();
    return fill(target, at);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    requireReadable();
    synchronized (position) {
      long total = 0;
      for (int i = offset; i < offset + length; i++) {
        if (!targets[i].hasRemaining()) {
          continue;
        }
        int count = fill(targets[i], -1);
        if (count < 0) {
          return total == 0 ? -1 : total;
        }
        total += count;
        if (targets[i].hasRemaining() || !seekable) {
          break;
        }
      }
      return total;
    }
  }

  /** Reads at the offset if {@code at} is negative. */
  private int fill(ByteBuffer target, long at) throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    int wanted = target.remaining();
    long count = call(() -> target.hasArray() ? readArray(target, at) : readThrough(target, at));
    return count == 0 && wanted > 0 ? -1 : (int) count;
  }

  private int readArray(ByteBuffer target, long at) throws ErrnoException, InterruptedException {
    int from = target.arrayOffset() + target.position();
    int count = get(target.array(), from, target.remaining(), at);
    target.position(target.position() + count);
    return count;
  }

  private int readThrough(ByteBuffer target, long at) throws ErrnoException, InterruptedException {
    var chunk = new byte[Math.min(CHUNK, target.remaining())];
    int total = 0;
    while (target.hasRemaining()) {
      int asked = Math.min(chunk.length, target.remaining());
      int count = get(chunk, 0, asked, at < 0 ? at : at + total);
      target.put(chunk, 0, count);
      total += count;
      if (count < asked || !seekable) {
        break;
      }
    }
    return total;
  }

  private int get(byte[] bytes, int offset, int length, long at)
      throws ErrnoException, InterruptedException {
    return at < 0
        ? file.read(bytes, offset, length)
        : file.pread(bytes, offset, (int) Math.min(length, Long.MAX_VALUE - at), at);
  }

  // ---- writing ------------------------------------------------------------------------------

  @Override
  public int write(ByteBuffer source) throws IOException {
    requireWritable();
    synchronized (position) {
      return drain(source, -1);
    }
  }

  @Override
  public int write(ByteBuffer source, long at) throws IOException {
    requireNotNegative(at);
    requireWritable();
    return drain(source, at);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    requireWritable();
    synchronized (position) {
      long total = 0;
      for (int i = offset; i < offset + length; i++) {
        if (!sources[i].hasRemaining()) {
          continue;
        }
        try {
          total += drain(sources[i], -1);
        } catch (IOException e) {
          if (total > 0 && isOpen()) {
            break;
          }
          throw e;
        }
        if (sources[i].hasRemaining() || !seekable) {
          break;
        }
      }
      return total;
    }
  }

  /** Writes at the offset if {@code at} is negative. */
  private int drain(ByteBuffer source, long at) throws IOException {
    return (int) call(() -> source.hasArray() ? writeArray(source, at) : writeThrough(source, at));
  }

  private int writeArray(ByteBuffer source, long at) throws ErrnoException, InterruptedException {
    int from = source.arrayOffset() + source.position();
    int count = put(source.array(), from, source.remaining(), at);
    source.position(source.position() + count);
    return count;
  }

  private int writeThrough(ByteBuffer source, long at) throws ErrnoException, InterruptedException {
    var chunk = new byte[Math.min(CHUNK, source.remaining())];
    int total = 0;
    while (source.hasRemaining()) {
      int asked = Math.min(chunk.length, source.remaining());
      source.get(source.position(), chunk, 0, asked);
      int count;
      try {
        count = put(chunk, 0, asked, at < 0 ? at : at + total);
      } catch (ErrnoException e) {
        if (total > 0) {
          break;
        }
        throw e;
      }
      source.position(source.position() + count);
      total += count;
      if (count < asked || !seekable) {
        break;
      }
    }
    return total;
  }

  private int put(byte[] bytes, int offset, int length, long at)
      throws ErrnoException, InterruptedException {
    return at < 0 ? file.write(bytes, offset, length) : file.pwrite(bytes, offset, length, at);
  }

  // ---- transfers ----------------------------------------------------------------------------

  @Override
  public long transferTo(long at, long count, WritableByteChannel target) throws IOException {
    requireOpen();
    if (!target.isOpen()) {
      throw new ClosedChannelException();
    }
    requireReadable();
    if (target instanceof VfsFileChannel other) {
      other.requireWritable();
    }
    requireNotNegative(at);
    requireNotNegative(count);
    var chunk = ByteBuffer.allocate((int) Math.min(CHUNK, count));
    long done = 0;
    while (done < count) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), count - done));
      if (read(chunk, at + done) <= 0) {
        break;
      }
      chunk.flip();
      int read = chunk.remaining();
      int written;
      try {
        written = target.write(chunk);
      } catch (IOException e) {
        if (done > 0 && isOpen() && target.isOpen()) {
          break;
        }
        throw e;
      }
      done += written;
      if (written < read) {
        break;
      }
    }
    return done;
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
    requireOpen();
    if (!source.isOpen()) {
      throw new ClosedChannelException();
    }
    requireWritable();
    if (source instanceof VfsFileChannel other) {
      other.requireReadable();
    }
    requireNotNegative(at);
    requireNotNegative(count);
    if (at > size()) {
      return 0;
    }
    var chunk = ByteBuffer.allocate((int) Math.min(CHUNK, count));
    long done = 0;
    while (done < count) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), count - done));
      if (source.read(chunk) <= 0) {
        break;
      }
      chunk.flip();
      while (chunk.hasRemaining()) {
        done += write(chunk, at + done);
      }
    }
    return done;
  }

  // ---- position and size --------------------------------------------------------------------

  @Override
  public long position() throws IOException {
    synchronized (position) {
      return call(() -> mode.append() ? file.stat().size() : file.seek(0, Whence.CUR));
    }
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    requireOpen();
    requireNotNegative(newPosition);
    synchronized (position) {
      call(() -> file.seek(newPosition, Whence.SET));
    }
    return this;
  }

  @Override
  public long size() throws IOException {
    return call(() -> file.stat().size());
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    requireOpen();
    requireNotNegative(size);
    requireWritable();
    synchronized (position) {
      call(
          () -> {
            if (size < file.stat().size()) {
              file.truncate(size);
            }
            return file.seek(0, Whence.CUR) > size ? file.seek(size, Whence.SET) : size;
          });
    }
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    call(
        () -> {
          file.sync(!metaData);
          return 0;
        });
  }

  @Override
  public MappedByteBuffer map(MapMode mapMode, long at, long size) {
    throw new UnsupportedOperationException("files of a Vfs cannot be mapped");
  }

  // ---- locks --------------------------------------------------------------------------------

  @Override
  public FileLock lock(long at, long size, boolean shared) throws IOException {
    requireLockable(shared);
    if (Thread.currentThread().isInterrupted()) {
      throw new FileLockInterruptionException();
    }
    synchronized (waiting) {
      waiting.add(Thread.currentThread());
    }
    try {
      requireOpen();
      return lock(at, size, shared, true);
    } finally {
      synchronized (waiting) {
        if (!waiting.remove(Thread.currentThread())) {
          // The interrupt was the closing's, and has done what it was for.
          Thread.interrupted();
        }
      }
    }
  }

  @Override
  public FileLock tryLock(long at, long size, boolean shared) throws IOException {
    requireLockable(shared);
    return lock(at, size, shared, false);
  }

  private void requireLockable(boolean shared) throws IOException {
    if (shared) {
      requireReadable();
    } else {
      requireWritable();
    }
  }

  private FileLock lock(long at, long size, boolean shared, boolean waits) throws IOException {
    try {
      var lock = FileLocks.lock(this, file, key, at, size, shared, waits);
      if (!isOpen()) {
        // Closed meanwhile, perhaps before it could see the lock.
        FileLocks.releaseAll(this, key);
        throw new AsynchronousCloseException();
      }
      return lock;
    } catch (ErrnoException e) {
      throw Failures.plain(e, path);
    } catch (InterruptedException e) {
      if (!isOpen()) {
        throw new AsynchronousCloseException();
      }
      Thread.currentThread().interrupt();
      throw new FileLockInterruptionException();
    }
  }

  // ---- below --------------------------------------------------------------------------------

  /** What a call does with the description. */
  private interface Step {
    long take() throws ErrnoException, InterruptedException;
  }

  private long call(Step step) throws IOException {
    requireOpen();
    boolean done = false;
    try {
      begin();
      long result = step.take();
      done = true;
      return result;
    } catch (ErrnoException e) {
      throw Failures.plain(e, path);
    } catch (InterruptedException e) {
      // The interrupt has closed the channel, or is about to; end() says so.
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    } finally {
      end(done);
    }
  }

  private void requireOpen() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private void requireReadable() throws ClosedChannelException {
    requireOpen();
    if (!mode.readable()) {
      throw new NonReadableChannelException();
    }
  }

  private void requireWritable() throws ClosedChannelException {
    requireOpen();
    if (!mode.writable()) {
      throw new NonWritableChannelException();
    }
  }

  private static void requireNotNegative(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
  }
}
