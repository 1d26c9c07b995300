package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.ErrnoException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The content of a file, shared by all who have it open: a provider may hold all of it in memory
 * for each channel, and guests open files as often as they like. Its monitor is a leaf.
 */
final class PathContent {
  private static final int CHUNK = 1 << 16;

  private final Path path;
  private SeekableByteChannel channel;
  private int users;

  PathContent(Path path) {
    this.path = path;
  }

  /** One more has it open. */
  synchronized void open() throws ErrnoException {
    if (users == 0) {
      channel = PathFileSystem.call(() -> Files.newByteChannel(path));
    }
    users++;
  }

  /** One fewer has it open. */
  synchronized void close() {
    users--;
    if (users == 0) {
      HostDirectoryStreams.closeQuietly(channel);
      channel = null;
    }
  }

  /** Reads up to the end; a failure after some of it is the next call's. */
  synchronized int read(byte[] buffer, int from, int length, long position) throws ErrnoException {
    int done = 0;
    while (done < length) {
      var chunk = ByteBuffer.wrap(buffer, from + done, Math.min(CHUNK, length - done));
      long at = position + done;
      int count;
      try {
        count = PathFileSystem.call(() -> channel.position(at).read(chunk));
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
}
