package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;

/** The copy of one file at a name that is free. Holes stay holes. */
final class FileCopy {
  private static final int CHUNK = 1 << 16;

  private final FileRef source;
  private final FileRef target;
  private final Stat stat;
  private final boolean follow;

  FileCopy(FileRef source, FileRef target, Stat stat, boolean follow) {
    this.source = source;
    this.target = target;
    this.stat = stat;
    this.follow = follow;
  }

  /** Requires that a move by copying would leave nothing behind. */
  static void requireMovable(FileRef source, Stat stat) throws IOException {
    if (stat.isDirectory()) {
      try (var entries = VfsDirectoryStream.open(source, false, entry -> true)) {
        if (entries.iterator().hasNext()) {
          throw new DirectoryNotEmptyException(source.shown().toString());
        }
      }
    }
  }

  /** Makes the copy, or nothing. */
  void make(boolean attributes) throws IOException {
    switch (stat.type()) {
      case DIRECTORY -> target.makeDirectory(stat.mode() & FileMode.ALL);
      case SYMLINK -> target.makeSymlink(source.readLink());
      case REGULAR -> copyContent();
      case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
          throw Failures.plain(Errno.EOPNOTSUPP.exception(), source.shown());
    }
    if (attributes) {
      boolean done = false;
      try {
        copyAttributes();
        done = true;
      } finally {
        if (!done) {
          target.remove();
        }
      }
    }
  }

  private void copyAttributes() throws IOException {
    try {
      target.changeOwner(stat.uid(), stat.gid(), false);
    } catch (IOException e) {
      // Only root can give files away; whoever copies somebody else's file has one of his own.
      if (!isNotPermitted(e)) {
        throw e;
      }
    }
    if (stat.isRegular() || stat.isDirectory()) {
      var attributes = new UserAttributes(source, follow);
      var copies = new UserAttributes(target, false);
      for (var name : attributes.list()) {
        copies.write(name, ByteBuffer.wrap(attributes.get(name)));
      }
    }
    if (!stat.isSymlink()) {
      target.changeMode(stat.mode() & FileMode.ALL, false);
    }
    target.setTimes(TimeChange.at(stat.atime()), TimeChange.at(stat.mtime()), false);
  }

  private static boolean isNotPermitted(IOException e) {
    return e.getCause() instanceof ErrnoException cause && cause.errno() == Errno.EPERM;
  }

  private void copyContent() throws IOException {
    int nofollow = follow ? 0 : OpenFlags.O_NOFOLLOW;
    var from = source.open(OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | nofollow, 0);
    try {
      int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
      var to = target.open(flags, stat.mode() & FileMode.PERMISSIONS);
      boolean done = false;
      try {
        copyContent(from, to);
        done = true;
      } catch (ErrnoException e) {
        throw Failures.of(e, source.shown(), target.shown());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException(source.shown().toString());
      } finally {
        to.release();
        if (!done) {
          target.remove();
        }
      }
    } finally {
      from.release();
    }
  }

  private static void copyContent(FileDescription from, FileDescription to)
      throws ErrnoException, InterruptedException {
    long size = from.stat().size();
    var chunk = new byte[(int) Math.min(CHUNK, size)];
    long hole;
    for (long at = data(from, 0); at < size; at = data(from, hole)) {
      hole = hole(from, at, size);
      while (at < hole) {
        int count = from.pread(chunk, 0, (int) Math.min(chunk.length, hole - at), at);
        if (count == 0) {
          // It has become shorter meanwhile.
          return;
        }
        for (int done = 0; done < count; ) {
          done += to.pwrite(chunk, done, count - done, at + done);
        }
        at += count;
      }
    }
    if (to.stat().size() < size) {
      to.truncate(size);
    }
  }

  /** Where the next data begins; beyond every file if there is none. */
  private static long data(FileDescription file, long at) throws ErrnoException {
    try {
      return file.seek(at, Whence.DATA);
    } catch (ErrnoException e) {
      return end(e);
    }
  }

  private static long hole(FileDescription file, long at, long size) throws ErrnoException {
    try {
      return Math.min(size, file.seek(at, Whence.HOLE));
    } catch (ErrnoException e) {
      return Math.min(size, end(e));
    }
  }

  private static long end(ErrnoException e) throws ErrnoException {
    if (e.errno() != Errno.ENXIO) {
      throw e;
    }
    return Long.MAX_VALUE;
  }
}
