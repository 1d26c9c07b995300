package dev.vivarium.image;

import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Why the host, or a tree in memory, refused something, in the words that a shell would use. */
public final class HostReason {

  private HostReason() {}

  /**
   * The reason in an exception of {@code java.nio.file}, whose own message is often only a path.
   */
  public static String of(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "a file is in the way";
    }
    if (e instanceof NotDirectoryException) {
      return "not a directory";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "directory not empty";
    }
    if (e instanceof FileSystemLoopException) {
      return "too many levels of symbolic links";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return firstLowerCase(failure.getReason());
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : firstLowerCase(e.getMessage());
  }

  /** The reason in an exception of a tree in memory. */
  public static String of(ErrnoException e) {
    return firstLowerCase(e.errno().description());
  }

  /** The reason, after the file that the exception names. */
  public static String withFile(IOException e) {
    return e instanceof FileSystemException failure && failure.getFile() != null
        ? failure.getFile() + ": " + of(e)
        : of(e);
  }

  /**
   * The same failure, in words for people: a message of {@code java.nio.file} is often only a path,
   * and that of a channel which an interrupt has closed is nothing.
   */
  public static IOException worded(IOException e) {
    IOException worded;
    if (e instanceof ClosedByInterruptException) {
      worded = new InterruptedIOException("interrupted");
    } else if (e instanceof FileSystemException failure && failure.getReason() == null) {
      worded =
          e instanceof NoSuchFileException
              ? new NoSuchFileException(failure.getFile(), null, of(e))
              : new FileSystemException(failure.getFile(), null, of(e));
    } else {
      return e;
    }
    worded.initCause(e);
    return worded;
  }

  /** Why there is no room in a tree that has no other limit. */
  public static String noMemory() {
    return "the JVM has not enough memory for it and what comes before it ("
        + (Runtime.getRuntime().maxMemory() >> 20)
        + " MiB)";
  }

  private static String firstLowerCase(String text) {
    var line = text.lines().findFirst().orElse(text);
    return line.length() > 1 && Character.isLowerCase(line.charAt(1))
        ? Character.toLowerCase(line.charAt(0)) + line.substring(1)
        : line;
  }
}
