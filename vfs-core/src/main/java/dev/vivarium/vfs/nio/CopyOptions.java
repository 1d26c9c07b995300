package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.RenameFlags;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;

/**
 * How a file is copied or moved, and doing it.
 *
 * @param replace whether what is there gives way
 * @param attributes whether a copy keeps owner, permissions and times
 * @param follow whether a symbolic link is copied as what it leads to
 * @param atomic whether a move is to be one step or none
 */
record CopyOptions(boolean replace, boolean attributes, boolean follow, boolean atomic) {

  static CopyOptions ofCopy(CopyOption... options) {
    var parsed = of(options);
    if (parsed.atomic) {
      throw new UnsupportedOperationException("no copy is atomic");
    }
    return parsed;
  }

  static CopyOptions ofMove(CopyOption... options) {
    var parsed = of(options);
    if (parsed.attributes) {
      throw new UnsupportedOperationException("a move keeps the attributes anyway");
    }
    return parsed;
  }

  private static CopyOptions of(CopyOption... options) {
    boolean replace = false;
    boolean attributes = false;
    boolean follow = true;
    boolean atomic = false;
    for (var option : options) {
      if (option == StandardCopyOption.REPLACE_EXISTING) {
        replace = true;
      } else if (option == StandardCopyOption.COPY_ATTRIBUTES) {
        attributes = true;
      } else if (option == StandardCopyOption.ATOMIC_MOVE) {
        atomic = true;
      } else if (option == LinkOption.NOFOLLOW_LINKS) {
        follow = false;
      } else if (option == null) {
        throw new NullPointerException("option");
      } else {
        throw new UnsupportedOperationException(option + " is not supported");
      }
    }
    return new CopyOptions(replace, attributes, follow, atomic);
  }

  /** Copies a file; of a directory only itself. */
  void copy(FileRef source, FileRef target) throws IOException {
    target.requireWritable();
    var stat = source.stat(follow);
    var present = target.statIfPresent(false);
    if (present != null) {
      var key = FileKey.of(source.fileSystem(), stat);
      if (key.equals(FileKey.of(target.fileSystem(), present))) {
        return;
      }
      if (!replace) {
        throw new FileAlreadyExistsException(target.shown().toString());
      }
      target.remove();
    }
    new FileCopy(source, target, stat, follow).make(attributes);
  }

  /** Moves a file, by copying it where it cannot be renamed. */
  void move(FileRef source, FileRef target) throws IOException {
    source.requireWritable();
    target.requireWritable();
    boolean sameTree = source.fileSystem().vfs() == target.fileSystem().vfs();
    if (atomic) {
      if (!sameTree) {
        throw notAtomic(source, target, Errno.EXDEV.exception());
      }
      rename(source, target);
      return;
    }
    var stat = source.stat(false);
    var present = target.statIfPresent(false);
    if (present != null) {
      var key = FileKey.of(source.fileSystem(), stat);
      if (key.equals(FileKey.of(target.fileSystem(), present))) {
        return;
      }
      if (!replace) {
        throw new FileAlreadyExistsException(target.shown().toString());
      }
      // A file takes a file's place in one step; between kinds, or trees, what is there goes first.
      if (!sameTree || stat.isDirectory() != present.isDirectory()) {
        target.remove();
      }
    }
    if (sameTree) {
      try {
        source.renameTo(target, replace ? 0 : RenameFlags.RENAME_NOREPLACE);
        return;
      } catch (ErrnoException e) {
        if (e.errno() == Errno.EEXIST) {
          throw Failures.of(e, target.shown());
        }
        if (e.errno() != Errno.EXDEV) {
          throw failed(e, source, target);
        }
      }
      if (present != null && stat.isDirectory() == present.isDirectory()) {
        target.remove();
      }
    }
    FileCopy.requireMovable(source, stat);
    new FileCopy(source, target, stat, false).make(true);
    boolean moved = false;
    try {
      source.remove();
      moved = true;
    } finally {
      if (!moved) {
        target.remove();
      }
    }
  }

  /** Moves in one step, in the place of what is there. */
  static void rename(FileRef source, FileRef target) throws IOException {
    try {
      source.renameTo(target, 0);
    } catch (ErrnoException e) {
      throw e.errno() == Errno.EXDEV ? notAtomic(source, target, e) : failed(e, source, target);
    }
  }

  private static IOException failed(ErrnoException e, FileRef source, FileRef target) {
    return e.errno() == Errno.ENOTEMPTY
        ? Failures.of(e, target.shown())
        : Failures.of(e, source.shown(), target.shown());
  }

  private static IOException notAtomic(FileRef source, FileRef target, ErrnoException e) {
    return Failures.because(
        e,
        new AtomicMoveNotSupportedException(
            source.shown().toString(), target.shown().toString(), e.errno().description()));
  }
}
