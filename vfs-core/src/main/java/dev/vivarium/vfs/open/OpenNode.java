package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.TimeChange;

/**
 * The inode that a description was opened at, in the tree of mounts: the port to what a call on a
 * descriptor may do to an inode beyond its content. Called without locks. Every operation can fail
 * with EBADF, if another thread has closed the last descriptor meanwhile.
 */
public interface OpenNode {

  /** As {@link FileDescription#changeMode}. */
  void changeMode(Credentials who, int mode) throws ErrnoException;

  /** As {@link FileDescription#changeOwner}. */
  void changeOwner(Credentials who, int uid, int gid) throws ErrnoException;

  /** As {@link FileDescription#setTimes}. */
  void setTimes(Credentials who, TimeChange access, TimeChange modification) throws ErrnoException;

  /** As {@link FileDescription#statFileSystem}. */
  FileSystemStat statFileSystem() throws ErrnoException;
}
