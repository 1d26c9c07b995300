package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Statx;
import dev.vivarium.vfs.posix.TimeChange;
import java.util.List;

/**
 * The inode that a description was opened at, in the tree of mounts: the port to what a call on a
 * descriptor may do to an inode beyond its content. Called without locks. Every operation can fail
 * with EBADF, if another thread has closed the last descriptor meanwhile.
 */
public interface OpenNode {

  /** As {@link FileDescription#statx}. */
  Statx statx() throws ErrnoException;

  /** As {@link FileDescription#access}. */
  void access(Credentials who, int mask) throws ErrnoException;

  /** As {@link FileDescription#changeMode}. */
  void changeMode(Credentials who, int mode) throws ErrnoException;

  /** As {@link FileDescription#changeOwner}. */
  void changeOwner(Credentials who, int uid, int gid) throws ErrnoException;

  /** As {@link FileDescription#setTimes}. */
  void setTimes(Credentials who, TimeChange access, TimeChange modification) throws ErrnoException;

  /** As {@link FileDescription#getXattr}. */
  byte[] getXattr(Credentials who, byte[] name) throws ErrnoException;

  /** As {@link FileDescription#setXattr}. */
  void setXattr(Credentials who, byte[] name, byte[] value, int flags) throws ErrnoException;

  /** As {@link FileDescription#removeXattr}. */
  void removeXattr(Credentials who, byte[] name) throws ErrnoException;

  /** As {@link FileDescription#listXattr}. */
  List<byte[]> listXattr() throws ErrnoException;

  /** The locks of its tree. */
  LockTable locks();

  /** What its inode's locks are filed under: equal for all descriptions of it. */
  Object lockKey();

  /** As {@link FileDescription#statFileSystem}. */
  FileSystemStat statFileSystem() throws ErrnoException;

  /** As {@link FileDescription#syncFileSystem}. */
  void syncFileSystem() throws ErrnoException;

  /** The description has been closed. Called once, last of all. */
  void closed();
}
