package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardOpenOption;

/** Tells the errno behind what the host's file calls throw. */
final class HostDirectoryErrors {

  /** Calls of the host, any of which may fail. */
  interface Call<T> {
    T run() throws IOException, ErrnoException;
  }

  private HostDirectoryErrors() {}

  /**
   * Runs host calls; whatever they throw becomes an errno. An interrupt that is pending would close
   * a channel that others share, so it waits outside; one that comes during the call does close it.
   */
  static <T> T call(Call<T> call) throws ErrnoException {
    boolean interrupted = Thread.interrupted();
    try {
      return call.run();
    } catch (IOException e) {
      throw errno(e).exception();
    } catch (DirectoryIteratorException e) {
      throw errno(e.getCause()).exception();
    } catch (InvalidPathException e) {
      throw Errno.EILSEQ.exception();
    } catch (ReadOnlyFileSystemException e) {
      throw Errno.EROFS.exception();
    } catch (ClosedDirectoryStreamException | UnsupportedOperationException e) {
      throw Errno.EIO.exception();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The errno behind an exception; EIO if nothing better is known. */
  static Errno errno(IOException e) {
    if (e instanceof NoSuchFileException) {
      return Errno.ENOENT;
    } else if (e instanceof FileAlreadyExistsException) {
      return Errno.EEXIST;
    } else if (e instanceof DirectoryNotEmptyException) {
      return Errno.ENOTEMPTY;
    } else if (e instanceof AccessDeniedException) {
      return Errno.EACCES;
    } else if (e instanceof NotDirectoryException) {
      return Errno.ENOTDIR;
    } else if (e instanceof AtomicMoveNotSupportedException) {
      return Errno.EXDEV;
    } else if (e instanceof FileSystemLoopException) {
      return Errno.ELOOP;
    } else if (e instanceof ClosedByInterruptException) {
      return Errno.EINTR;
    }
    return fromText(text(e));
  }

  /**
   * All other errors come as {@code strerror(3)}'s text, with or without something behind it. It is
   * English unless the host has another language; a full disk is recognised in any.
   */
  private static Errno fromText(String text) {
    if (text == null) {
      return Errno.EIO;
    }
    for (var errno : Errno.values()) {
      if (text.startsWith(errno.description())) {
        return errno;
      }
    }
    return text.equals(DiskFull.TEXT) ? Errno.ENOSPC : Errno.EIO;
  }

  private static String text(IOException e) {
    return e instanceof FileSystemException named && named.getReason() != null
        ? named.getReason()
        : e.getMessage();
  }

  /** What this host says when a disk is full; asked of {@code /dev/full}, which always is. */
  private static final class DiskFull {
    static final String TEXT = ask();

    private static String ask() {
      try (var full = Files.newByteChannel(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
        full.write(java.nio.ByteBuffer.allocate(1));
        return Errno.ENOSPC.description();
      } catch (IOException | RuntimeException e) {
        return e instanceof IOException io && !(e instanceof FileSystemException)
            ? text(io)
            : Errno.ENOSPC.description();
      }
    }
  }
}
