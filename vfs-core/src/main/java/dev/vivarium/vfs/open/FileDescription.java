package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file description: what {@code open(2)} makes and what descriptors refer to. The offset
 * and the status flags live here, shared by every descriptor that {@code dup(2)} or a fork made of
 * it.
 *
 * <p>The operations of this class answer what a kind of file that does not have them answers; each
 * kind overrides what it has. Buffers are the caller's; nothing here keeps one.
 */
public abstract class FileDescription {
  private final AtomicInteger references = new AtomicInteger(1);
  private volatile int flags;
  private OpenFiles count;
  private OpenNode place;

  /**
   * @param flags the access mode and the status flags of {@link OpenFlags}; flags that only matter
   *     while opening are dropped
   */
  protected FileDescription(int flags) {
    this.flags =
        flags
            & (OpenFlags.O_ACCMODE
                | OpenFlags.SETTABLE
                | OpenFlags.O_SYNC
                | OpenFlags.O_DIRECTORY
                | OpenFlags.O_NOFOLLOW
                | OpenFlags.O_PATH);
  }

  /** What it refers to. */
  public abstract FileType type();

  /** {@code fstat(2)}. */
  public abstract Stat stat() throws ErrnoException;

  /** The access mode and the status flags, as {@code fcntl(F_GETFL)} tells them. */
  public final int flags() {
    return flags;
  }

  /**
   * {@code fcntl(F_SETFL)}: takes over the bits of {@link OpenFlags#SETTABLE}, ignores the others.
   *
   * @throws ErrnoException EBADF with O_PATH; EPERM if O_NOATIME is new and the user does not own
   *     the file
   */
  public final void setFlags(Credentials credentials, int newFlags) throws ErrnoException {
    if ((flags & OpenFlags.O_PATH) != 0) {
      throw Errno.EBADF.exception();
    }
    if ((newFlags & ~flags & OpenFlags.O_NOATIME) != 0 && !AccessCheck.owns(credentials, stat())) {
      throw Errno.EPERM.exception();
    }
    flags = (flags & ~OpenFlags.SETTABLE) | (newFlags & OpenFlags.SETTABLE);
  }

  public final boolean nonBlocking() {
    return (flags & OpenFlags.O_NONBLOCK) != 0;
  }

  public final boolean readable() {
    return OpenFlags.readable(flags) && (flags & OpenFlags.O_PATH) == 0;
  }

  public final boolean writable() {
    return OpenFlags.writable(flags) && (flags & OpenFlags.O_PATH) == 0;
  }

  /**
   * {@code read(2)}: reads at the offset and moves it.
   *
   * @return the bytes that were read; 0 at the end of the file, or if {@code length} is 0
   * @throws ErrnoException EBADF if not open for reading; EISDIR for a directory; EAGAIN if nothing
   *     is there and O_NONBLOCK is set
   * @throws InterruptedException if the thread was interrupted while it waited; nothing was read
   */
  public int read(byte[] buffer, int offset, int length)
      throws ErrnoException, InterruptedException {
    throw Errno.EINVAL.exception();
  }

  /**
   * {@code write(2)}: writes at the offset, or at the end with O_APPEND, and moves the offset.
   *
   * @return the bytes that were written, at least 1 unless {@code length} is 0
   * @throws ErrnoException EBADF if not open for writing; EFBIG, ENOSPC, EDQUOT, EPIPE; EAGAIN if
   *     there is no room and O_NONBLOCK is set
   * @throws InterruptedException if the thread was interrupted while it waited; nothing was written
   */
  public int write(byte[] buffer, int offset, int length)
      throws ErrnoException, InterruptedException {
    throw Errno.EINVAL.exception();
  }

  /**
   * {@code pread(2)}.
   *
   * @throws ErrnoException EINVAL if {@code position} is negative; EBADF; ESPIPE if it cannot seek;
   *     EISDIR
   */
  public int pread(byte[] buffer, int offset, int length, long position) throws ErrnoException {
    throw (position < 0 ? Errno.EINVAL : Errno.ESPIPE).exception();
  }

  /**
   * {@code pwrite(2)}; as POSIX has it, not as Linux: O_APPEND does not override the position.
   *
   * @throws ErrnoException EINVAL if {@code position} is negative; EBADF; ESPIPE; EFBIG, ENOSPC,
   *     EDQUOT
   */
  public int pwrite(byte[] buffer, int offset, int length, long position) throws ErrnoException {
    throw (position < 0 ? Errno.EINVAL : Errno.ESPIPE).exception();
  }

  /**
   * {@code lseek(2)}.
   *
   * @return the new offset
   * @throws ErrnoException ESPIPE if it cannot seek; EINVAL if the result would be negative, or too
   *     large; ENXIO for DATA and HOLE beyond the end
   */
  public long seek(long offset, Whence whence) throws ErrnoException {
    throw Errno.ESPIPE.exception();
  }

  /**
   * {@code ftruncate(2)}.
   *
   * @throws ErrnoException EINVAL if {@code size} is negative, if not open for writing or no
   *     regular file; EFBIG
   */
  public void truncate(long size) throws ErrnoException {
    throw Errno.EINVAL.exception();
  }

  /**
   * {@code posix_fallocate(3)}: makes sure that the range has storage, and that the file is as
   * long.
   *
   * @throws ErrnoException EINVAL if {@code offset < 0} or {@code length <= 0}; EBADF if not open
   *     for writing; ESPIPE for a pipe, ENODEV for another kind; EFBIG; ENOSPC, and nothing has
   *     changed
   */
  public void allocate(long offset, long length) throws ErrnoException {
    throw Errno.ENODEV.exception();
  }

  /**
   * {@code fsync(2)}, and with {@code dataOnly} {@code fdatasync(2)}.
   *
   * @throws ErrnoException EINVAL if it cannot be synchronised (a pipe, a terminal)
   */
  public void sync(boolean dataOnly) throws ErrnoException {
    throw Errno.EINVAL.exception();
  }

  /**
   * {@code futimens(2)}. Does nothing at all if both times are left alone.
   *
   * @throws ErrnoException EBADF with O_PATH; EPERM for what is in no tree, a pipe or a standard
   *     stream; EROFS; EACCES if both become the present and the user neither owns the inode nor
   *     may write it; EPERM if he asks for other times and does not own it
   */
  public void setTimes(Credentials credentials, TimeChange access, TimeChange modification)
      throws ErrnoException {
    if (access.kind() != TimeChange.Kind.OMIT || modification.kind() != TimeChange.Kind.OMIT) {
      changeableNode().setTimes(credentials, access, modification);
    }
  }

  /**
   * {@code fchmod(2)}.
   *
   * @throws ErrnoException EBADF with O_PATH; EPERM for what is in no tree; EROFS; EPERM unless the
   *     owner or root
   */
  public final void changeMode(Credentials credentials, int mode) throws ErrnoException {
    changeableNode().changeMode(credentials, mode);
  }

  /**
   * {@code fchown(2)}; -1 leaves an id alone. Takes the set-id bits away.
   *
   * @throws ErrnoException EBADF with O_PATH; EPERM for what is in no tree; EROFS; EPERM unless
   *     root, or the owner who gives the file to one of his groups; EDQUOT
   */
  public final void changeOwner(Credentials credentials, int uid, int gid) throws ErrnoException {
    changeableNode().changeOwner(credentials, uid, gid);
  }

  /**
   * {@code fstatvfs(3)}.
   *
   * @throws ErrnoException ENOSYS for what is in no tree
   */
  public final FileSystemStat statFileSystem() throws ErrnoException {
    if (place == null) {
      throw Errno.ENOSYS.exception();
    }
    return place.statFileSystem();
  }

  private OpenNode changeableNode() throws ErrnoException {
    if ((flags & OpenFlags.O_PATH) != 0) {
      throw Errno.EBADF.exception();
    }
    if (place == null) {
      throw Errno.EPERM.exception();
    }
    return place;
  }

  /**
   * Lists a directory's entries, {@code .} and {@code ..} first, from a cookie on.
   *
   * @param cookie 0 for the beginning, or an entry's {@link DirectoryVisitor cookie} to go on
   *     behind it; stays valid while entries come and go
   * @throws ErrnoException ENOTDIR if it is no directory
   */
  public void readDirectory(long cookie, DirectoryVisitor visitor) throws ErrnoException {
    throw Errno.ENOTDIR.exception();
  }

  /** What {@code poll(2)} waits on. */
  public Readiness readiness() {
    return Readiness.ALWAYS;
  }

  /**
   * Counts this among the open files from now on, until it is closed. For whoever hands out a new
   * description; its place has been {@linkplain OpenFiles#acquire() taken} before.
   */
  public final void countedBy(OpenFiles openFiles) {
    count = openFiles;
  }

  /** Says which inode this is. For whoever hands out a new description of one in the tree. */
  public final void openedAt(OpenNode place) {
    this.place = place;
  }

  /** The inode; null for what is in no tree, a pipe or a standard stream. */
  public final OpenNode place() {
    return place;
  }

  /** One more descriptor refers to this. */
  public final void retain() {
    references.incrementAndGet();
  }

  /** One descriptor fewer refers to this; the last one closes it. */
  public final void release() {
    if (references.decrementAndGet() == 0) {
      closed();
      if (count != null) {
        count.release();
      }
    }
  }

  /** The last descriptor is gone. Called once; must not fail. */
  protected void closed() {}
}
