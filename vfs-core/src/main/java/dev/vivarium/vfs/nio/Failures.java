package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;

/**
 * What java.nio.file throws for an errno. The errno is never lost: the {@link ErrnoException} is
 * the cause, and its text the reason where the exception's type does not say it already.
 */
final class Failures {
  private Failures() {}

  /** For a call on one file. */
  static IOException of(ErrnoException e, Path file) {
    return of(e, file, null);
  }

  /** For a call on two files. */
  static IOException of(ErrnoException e, Path file, Path other) {
    String name = file.toString();
    String otherName = other == null ? null : other.toString();
    var failure =
        switch (e.errno()) {
          case ENOENT -> new NoSuchFileException(name, otherName, null);
          case EEXIST -> new FileAlreadyExistsException(name, otherName, null);
          case EACCES -> new AccessDeniedException(name, otherName, null);
          case ENOTEMPTY -> new DirectoryNotEmptyException(name);
          case ELOOP -> new FileSystemLoopException(name);
          default -> new FileSystemException(name, otherName, e.errno().description());
        };
    failure.initCause(e);
    return failure;
  }

  /** For a call that wants a directory. */
  static IOException ofDirectory(ErrnoException e, Path file) {
    return e.errno() == Errno.ENOTDIR
        ? because(e, new NotDirectoryException(file.toString()))
        : of(e, file);
  }

  /** For a call that wants a symbolic link. */
  static IOException ofLink(ErrnoException e, Path file) {
    return e.errno() == Errno.EINVAL
        ? because(e, new NotLinkException(file.toString()))
        : of(e, file);
  }

  /** For a call that does not follow a link at the end: ELOOP says that there is one. */
  static IOException ofUnfollowed(ErrnoException e, Path file) {
    return e.errno() == Errno.ELOOP ? plain(e, file) : of(e, file);
  }

  /** With nothing but the errno's text. */
  static IOException plain(ErrnoException e, Path file) {
    return because(e, new FileSystemException(file.toString(), null, e.errno().description()));
  }

  static <T extends IOException> T because(ErrnoException e, T failure) {
    failure.initCause(e);
    return failure;
  }
}
