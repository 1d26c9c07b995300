package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The content of a file, shared by all who have it open: a provider may hold all of it in memory
 * for each channel, and guests open files as often as they like. Its monitor is a leaf.
 */
final class PathContent {
  private static final int CHUNK = 1 << 16;

  private SeekableByteChannel channel;
  private boolean writable;
  private int users;

  /**
   * One more has it open.
   *
   * @param write whether to write it too
   */
  synchronized void open(Path path, boolean write) throws ErrnoException {
    if (channel == null || (write && !writable)) {
      SeekableByteChannel opened =
          write
              ? PathFileSystem.change(() -> openToWrite(path))
              : PathFileSystem.call(() -> Files.newByteChannel(path));
      replace(opened, write);
    }
    users++;
  }

  /**
   * Opens a file to read and to write it anywhere. A {@link FileChannel} promises that; other
   * channels of a provider may begin anew.
   */
  static SeekableByteChannel openToWrite(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** What was opened to make the file, for whoever opens it first: its mode may forbid it then. */
  synchronized void created(SeekableByteChannel made) {
    replace(made, true);
  }

  private void replace(SeekableByteChannel opened, boolean write) {
    if (channel != null) {
      HostDirectoryStreams.closeQuietly(channel);
    }
    channel = opened;
    writable = write;
  }

  /** One fewer has it open. */
  synchronized void close() {
    users--;
    closeIfUnused();
  }

  /** Closes what nobody has opened. */
  synchronized void closeIfUnused() {
    if (users == 0 && channel != null) {
      HostDirectoryStreams.closeQuietly(channel);
      channel = null;
    }
  }

  /** Reads up to the end; a failure after some of it is the next call's. */
  synchronized int read(byte[] buffer, int from, int length, long position) throws ErrnoException {
    return transfer(
        buffer, from, length, chunk -> channel.position(position + chunk.done).read(chunk.bytes));
  }

  /** Writes; a failure after some of it is the next call's. */
  synchronized int write(byte[] buffer, int from, int length, long position) throws ErrnoException {
    return transfer(
        buffer, from, length, chunk -> channel.position(position + chunk.done).write(chunk.bytes));
  }

  private record Chunk(ByteBuffer bytes, int done) {}

  private interface Step {
    int move(Chunk chunk) throws IOException;
  }

  private static int transfer(byte[] buffer, int from, int length, Step step)
      throws ErrnoException {
    int done = 0;
    while (done < length) {
      int size = Math.min(CHUNK, length - done);
      var chunk = new Chunk(ByteBuffer.wrap(buffer, from + done, size), done);
      int count;
      try {
        count = PathFileSystem.change(() -> step.move(chunk));
      } catch (ErrnoException e) {
        if (done == 0) {
          throw e;
        }
        break;
      }
      if (count <= 0) {
        break;
      }
      done += count;
    }
    return done;
  }

  /** How long it is, as those who have it open see it; as given if nobody has. */
  synchronized long size(long otherwise) throws IOException {
    return channel == null ? otherwise : channel.size();
  }

  synchronized long size() throws ErrnoException {
    return PathFileSystem.call(() -> channel.size());
  }

  /** Makes it shorter, or longer by zeros. */
  synchronized void truncate(long size) throws ErrnoException {
    PathFileSystem.change(
        () -> {
          if (size <= channel.size()) {
            channel.truncate(size);
          } else {
            channel.position(size - 1).write(ByteBuffer.wrap(new byte[1]));
          }
          return null;
        });
  }

  /** Sends what was written to the storage, where there is any. */
  synchronized void sync(boolean dataOnly) throws ErrnoException {
    if (channel instanceof FileChannel file) {
      PathFileSystem.call(
          () -> {
            file.force(!dataOnly);
            return null;
          });
    }
  }
}
