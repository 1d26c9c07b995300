package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.attribute.FileAttribute;
import java.util.Objects;

/**
 * A channel on an open file description, which has the offset. An interrupt of a thread that is in
 * a call closes the channel, as the platform has it. What is mapped would have to be memory outside
 * the heap that follows the tree, so nothing can be.
 */
final class VfsFileChannel extends FileChannel {
  private final VfsFileSystem fileSystem;
  private final VfsPath path;
  private final FileDescription file;
  private final OpenMode mode;
  // Held for calls that use the offset, so that those of several buffers are not mixed.
  private final Object position = new Object();
  // Null until one is asked for, as mostly none is.
  private volatile ChannelLocks locks;

  private VfsFileChannel(
      VfsFileSystem fileSystem, VfsPath path, FileDescription file, OpenMode mode) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.file = file;
    this.mode = mode;
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
    } finally {
      if (!opened) {
        file.release();
      }
    }
  }

  @Override
  protected void implCloseChannel() {
    fileSystem.closed(this);
    if (locks != null) {
      locks.closed();
    }
    file.release();
  }

  // ---- reading and writing ------------------------------------------------------------------

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
      return inTurn(targets, offset, length, target -> fill(target, -1));
    }
  }

  /** Reads at the offset if {@code at} is negative; -1 at the end. */
  private int fill(ByteBuffer target, long at) throws IOException {
    if (target.isReadOnly()) {
      throw new IllegalArgumentException("Read-only buffer");
    }
    int wanted = target.remaining();
    long count = call(() -> BufferMove.READ.move(file, target, at));
    return count == 0 && wanted > 0 ? -1 : (int) count;
  }

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
      return inTurn(sources, offset, length, source -> drain(source, -1));
    }
  }

  /** Writes at the offset if {@code at} is negative. */
  private int drain(ByteBuffer source, long at) throws IOException {
    return (int) call(() -> BufferMove.WRITE.move(file, source, at));
  }

  /** What a call does with one of several buffers. */
  private interface BufferCall {
    int on(ByteBuffer buffer) throws IOException;
  }

  /**
   * Goes from buffer to buffer, until one is not done with, or where there could be a wait. What
   * has been moved before a failure counts: the next call fails again.
   */
  private long inTurn(ByteBuffer[] buffers, int offset, int length, BufferCall call)
      throws IOException {
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      if (!buffers[i].hasRemaining()) {
        continue;
      }
      int count;
      try {
        count = call.on(buffers[i]);
      } catch (IOException e) {
        if (total > 0 && isOpen()) {
          break;
        }
        throw e;
      }
      if (count < 0) {
        return total == 0 ? -1 : total;
      }
      total += count;
      if (buffers[i].hasRemaining() || file.type() != FileType.REGULAR) {
        break;
      }
    }
    return total;
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
    var chunk = ByteBuffer.allocate((int) Math.min(BufferMove.CHUNK, count));
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
    var chunk = ByteBuffer.allocate((int) Math.min(BufferMove.CHUNK, count));
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
    return locks().await(at, size, shared);
  }

  @Override
  public FileLock tryLock(long at, long size, boolean shared) throws IOException {
    requireLockable(shared);
    return locks().attempt(at, size, shared);
  }

  private void requireLockable(boolean shared) throws IOException {
    if (shared) {
      requireReadable();
    } else {
      requireWritable();
    }
  }

  // Not under the lock of the position, which who waits for a FIFO holds.
  private synchronized ChannelLocks locks() throws IOException {
    if (locks == null) {
      try {
        locks = new ChannelLocks(this, file, FileKey.of(fileSystem, file.stat()), path);
      } catch (ErrnoException e) {
        requireOpen();
        throw Failures.plain(e, path);
      }
    }
    return locks;
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
