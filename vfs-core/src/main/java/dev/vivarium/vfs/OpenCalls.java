package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.DirectoryDescription;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.mount.MountTable;
import dev.vivarium.vfs.mount.MountedNode;
import dev.vivarium.vfs.mount.PathDescription;
import dev.vivarium.vfs.mount.PipeFileSystem;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.OpenFiles;
import dev.vivarium.vfs.open.Pipe;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.path.Lookup;
import dev.vivarium.vfs.path.PathWalker;
import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.OpenFlags;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** {@code open(2)}, in the order in which Linux decides. Called under the lock of the tree. */
final class OpenCalls {
  private final PathWalker walker;
  private final OpenFiles openFiles;
  private final OpenFiles pipes;
  private final AtomicLong lastPipe = new AtomicLong();

  OpenCalls(PathWalker walker, OpenFiles openFiles, OpenFiles pipes) {
    this.walker = walker;
    this.openFiles = openFiles;
    this.pipes = pipes;
  }

  FileDescription open(FsContext context, Location at, byte[] path, int flags, int mode)
      throws ErrnoException {
    if (has(flags, OpenFlags.O_PATH)) {
      return openPath(context, at, path, flags);
    }
    if (has(flags, OpenFlags.O_CREAT) && has(flags, OpenFlags.O_DIRECTORY)) {
      throw Errno.EINVAL.exception();
    }
    boolean unnamed = has(flags, OpenFlags.O_TMPFILE & ~OpenFlags.O_DIRECTORY);
    boolean writes = (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY;
    if (unnamed && !(has(flags, OpenFlags.O_DIRECTORY) && writes)) {
      throw Errno.EINVAL.exception();
    }
    PathWalker.check(path);
    openFiles.acquire();
    FileDescription opened = null;
    try {
      if (unnamed) {
        opened = openUnnamed(context, at, path, flags, mode);
      } else if (has(flags, OpenFlags.O_CREAT)) {
        opened = openOrCreate(context, at, path, flags, mode);
      } else {
        opened = openPresent(context, at, path, flags);
      }
      opened.countedBy(openFiles);
      return opened;
    } finally {
      if (opened == null) {
        openFiles.release();
      }
    }
  }

  private FileDescription openPath(FsContext context, Location at, byte[] path, int flags)
      throws ErrnoException {
    PathWalker.check(path);
    openFiles.acquire();
    FileDescription opened = null;
    try {
      var found = walker.walk(context, at, path, !has(flags, OpenFlags.O_NOFOLLOW));
      if (has(flags, OpenFlags.O_DIRECTORY)) {
        found.requireDirectory();
      }
      int kept = flags & (OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
      opened = new PathDescription(found.mount(), found.node(), kept);
      opened.openedAt(
          new MountedNode(found.mount(), found.node().ino(), context.credentials(), false));
      opened.countedBy(openFiles);
      return opened;
    } finally {
      if (opened == null) {
        openFiles.release();
      }
    }
  }

  private FileDescription openUnnamed(
      FsContext context, Location at, byte[] path, int flags, int mode) throws ErrnoException {
    var found = walker.walk(context, at, path, !has(flags, OpenFlags.O_NOFOLLOW));
    found.requireDirectory().requireWritable();
    var who = context.credentials();
    Node directory = found.node();
    AccessCheck.require(who, directory, FileMode.W_OK | FileMode.X_OK);
    int permissions = EntryCalls.permissionsOfNew(context, directory, mode);
    int gid = EntryCalls.groupOfNew(who, directory);
    var opened = found.fileSystem().openUnnamed(flags, permissions, gid, who);
    boolean done = false;
    try {
      opened.openedAt(new MountedNode(found.mount(), opened.stat().ino(), who, true));
      done = true;
      return opened;
    } finally {
      if (!done) {
        opened.release();
      }
    }
  }

  private FileDescription openPresent(FsContext context, Location at, byte[] path, int flags)
      throws ErrnoException {
    var found = walker.walk(context, at, path, !has(flags, OpenFlags.O_NOFOLLOW));
    if (has(flags, OpenFlags.O_DIRECTORY)) {
      found.requireDirectory();
    }
    return openNode(context.credentials(), found, flags);
  }

  private FileDescription openOrCreate(
      FsContext context, Location at, byte[] path, int flags, int mode) throws ErrnoException {
    boolean exclusive = has(flags, OpenFlags.O_EXCL);
    boolean follow = !exclusive && !has(flags, OpenFlags.O_NOFOLLOW);
    var found = walker.walkToParent(context, at, path);
    while (true) {
      if (found.last() == Lookup.Last.NAME && found.trailingSlash()) {
        throw Errno.EISDIR.exception();
      }
      walker.lookUpLast();
      if (found.node() == null) {
        return create(context, found, flags, mode);
      }
      if (exclusive && found.last() == Lookup.Last.NAME) {
        throw Errno.EEXIST.exception();
      }
      if (!found.endsWithLink() || !follow) {
        break;
      }
      walker.follow();
    }
    if (exclusive) {
      throw Errno.EEXIST.exception();
    }
    if (found.node().isDirectory()) {
      throw Errno.EISDIR.exception();
    }
    AccessCheck.requireCreateOver(context.credentials(), found.directory(), found.node());
    return openNode(context.credentials(), found, flags);
  }

  private static FileDescription create(FsContext context, Lookup found, int flags, int mode)
      throws ErrnoException {
    found.requireWritable();
    var who = context.credentials();
    EntryCalls.requireCreate(who, found);
    int permissions = EntryCalls.permissionsOfNew(context, found.directory(), mode);
    int gid = EntryCalls.groupOfNew(who, found.directory());
    var made =
        found.fileSystem().createFile(found.directory(), found.name(), permissions, who.uid(), gid);
    // Whoever creates a file may do with it what he asked for, whatever its mode says.
    return opened(found.mount(), made, flags & ~OpenFlags.O_TRUNC, who);
  }

  private static FileDescription openNode(Credentials who, Lookup found, int flags)
      throws ErrnoException {
    Node node = found.node();
    FileType type = node.type();
    boolean truncates = has(flags, OpenFlags.O_TRUNC);
    if (truncates && type == FileType.REGULAR) {
      found.requireWritable();
    }
    // Neither reading nor writing, which all bits of the access mode mean, needs both permissions.
    int mask =
        switch (flags & OpenFlags.O_ACCMODE) {
          case OpenFlags.O_RDONLY -> FileMode.R_OK;
          case OpenFlags.O_WRONLY -> FileMode.W_OK;
          default -> FileMode.R_OK | FileMode.W_OK;
        };
    if (truncates) {
      mask |= FileMode.W_OK;
    }
    if (type == FileType.SYMLINK) {
      throw Errno.ELOOP.exception();
    }
    if (type == FileType.DIRECTORY && (mask & FileMode.W_OK) != 0) {
      throw Errno.EISDIR.exception();
    }
    AccessCheck.require(who, node, mask);
    if (has(flags, OpenFlags.O_NOATIME) && !AccessCheck.owns(who, node)) {
      throw Errno.EPERM.exception();
    }
    if (type == FileType.REGULAR && (mask & FileMode.W_OK) != 0) {
      found.requireWritable();
    }
    return opened(found.mount(), node, flags, who);
  }

  private static FileDescription opened(Mount mount, Node node, int flags, Credentials who)
      throws ErrnoException {
    // Made before, since opening may cut the file.
    boolean written = node.isRegular() && OpenFlags.writable(flags);
    var place = new MountedNode(mount, node.ino(), who, written);
    FileDescription opened = null;
    try {
      opened =
          node.isDirectory()
              ? new DirectoryDescription(mount, node, flags)
              : mount.fileSystem().open(node, flags, who);
      opened.openedAt(place);
      return opened;
    } finally {
      if (opened == null) {
        place.closed();
      }
    }
  }

  /** {@code pipe2(2)}. Needs no lock. */
  Pipe pipe(MountTable table, Credentials who, int flags, LongSupplier clock)
      throws ErrnoException {
    int acquired = 0;
    boolean done = false;
    try {
      openFiles.acquire();
      acquired++;
      openFiles.acquire();
      acquired++;
      var pipe = PipeFileSystem.pipe(table, lastPipe.incrementAndGet(), flags, who, pipes, clock);
      pipe.reader().countedBy(openFiles);
      pipe.writer().countedBy(openFiles);
      done = true;
      return pipe;
    } finally {
      for (int i = 0; !done && i < acquired; i++) {
        openFiles.release();
      }
    }
  }

  private static boolean has(int flags, int flag) {
    return (flags & flag) != 0;
  }
}
