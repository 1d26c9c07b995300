package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.AllocateFlags;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.LockRequest;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.RecordLock;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Statx;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.OptionalLong;

/**
 * An open file description: what {@code open(2)} makes and what descriptors refer to. The offset
 * and the status flags live here, shared by every descriptor that {@code dup(2)} or a fork made of
 * it.
 *
 * <p>The operations of this class answer what a kind of file that does not have them answers; each
 * kind overrides what it has. Buffers are the caller's; nothing here keeps one.
 */
public abstract class FileDescription {
  private static final VarHandle REFERENCES;
  private static final VarHandle FLAGS;

  static {
    try {
      var lookup = MethodHandles.lookup();
      REFERENCES = lookup.findVarHandle(FileDescription.class, "references", int.class);
      FLAGS = lookup.findVarHandle(FileDescription.class, "flags", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Shared among threads, but not volatile: that would cost a fence in every open.
  private int references = 1;
  private int flags;
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
                | OpenFlags.O_NOFOLLOW
                | OpenFlags.O_TMPFILE
                | OpenFlags.O_PATH);
  }

  /** What it refers to. */
  public abstract FileType type();

  /** {@code fstat(2)}. */
  public abstract Stat stat() throws ErrnoException;

  /** {@code statx(2)} with AT_EMPTY_PATH. */
  public final Statx statx() throws ErrnoException {
    return place == null ? new Statx(stat(), OptionalLong.empty(), false) : place.statx();
  }

  /**
   * {@code faccessat2(2)} with AT_EMPTY_PATH; O_PATH will do.
   *
   * @param credentials whose permission is asked for; {@link Credentials#real} without AT_EACCESS
   * @param mask any of R_OK, W_OK, X_OK, or F_OK
   * @throws ErrnoException EINVAL; EACCES; EROFS to write what is no device, FIFO or socket
   */
  public final void access(Credentials credentials, int mask) throws ErrnoException {
    if (place != null) {
      place.access(credentials, mask);
    } else if (!AccessCheck.allows(credentials, stat(), mask)) {
      throw Errno.EACCES.exception();
    }
  }

  /** The access mode and the status flags, as {@code fcntl(F_GETFL)} tells them. */
  public final int flags() {
    return (int) FLAGS.getOpaque(this);
  }

  /**
   * {@code fcntl(F_SETFL)}: takes over the bits of {@link OpenFlags#SETTABLE}, ignores the others.
   *
   * @throws ErrnoException EBADF with O_PATH; EPERM if O_NOATIME is new and the user does not own
   *     the file
   */
  public final void setFlags(Credentials credentials, int newFlags) throws ErrnoException {
    int present = flags();
    if ((present & OpenFlags.O_PATH) != 0) {
      throw Errno.EBADF.exception();
    }
    if ((newFlags & ~present & OpenFlags.O_NOATIME) != 0
        && !AccessCheck.owns(credentials, stat())) {
      throw Errno.EPERM.exception();
    }
    FLAGS.setVolatile(this, (present & ~OpenFlags.SETTABLE) | (newFlags & OpenFlags.SETTABLE));
  }

  public final boolean nonBlocking() {
    return (flags() & OpenFlags.O_NONBLOCK) != 0;
  }

  public final boolean readable() {
    return OpenFlags.readable(flags()) && (flags() & OpenFlags.O_PATH) == 0;
  }

  public final boolean writable() {
    return OpenFlags.writable(flags()) && (flags() & OpenFlags.O_PATH) == 0;
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

  /** {@code posix_fallocate(3)}: {@link #allocate(int, long, long)} without flags. */
  public final void allocate(long offset, long length) throws ErrnoException {
    allocate(0, offset, length);
  }

  /**
   * {@code fallocate(2)}: makes sure that the range has storage and that the file is as long, or
   * what else the mode says. Source: {@code fallocate(2)} of Linux. Errors, in checking order:
   *
   * <ol>
   *   <li>EBADF with O_PATH; EINVAL if {@code offset < 0} or {@code length <= 0}
   *   <li>EOPNOTSUPP for a mode that is not {@linkplain AllocateFlags#known known}
   *   <li>EBADF if not open for writing; ESPIPE for a pipe, ENODEV for what is no regular file
   *   <li>EFBIG; EOPNOTSUPP for a mode that this filesystem does not have
   *   <li>ENOSPC, EDQUOT, and nothing has changed
   * </ol>
   *
   * @param mode of {@link AllocateFlags}
   */
  public final void allocate(int mode, long offset, long length) throws ErrnoException {
    if ((flags() & OpenFlags.O_PATH) != 0) {
      throw Errno.EBADF.exception();
    }
    if (offset < 0 || length <= 0) {
      throw Errno.EINVAL.exception();
    }
    if (!AllocateFlags.known(mode)) {
      throw Errno.EOPNOTSUPP.exception();
    }
    if (!writable()) {
      throw Errno.EBADF.exception();
    }
    if (type() != FileType.REGULAR) {
      throw (type() == FileType.FIFO ? Errno.ESPIPE : Errno.ENODEV).exception();
    }
    if (length > Long.MAX_VALUE - offset) {
      throw Errno.EFBIG.exception();
    }
    allocateRange(mode, offset, length);
  }

  /**
   * Does {@link #allocate(int, long, long)} for a regular file, once all but the mode has been
   * checked.
   *
   * @throws ErrnoException EOPNOTSUPP for what the filesystem does not have, as here all; ENOSPC,
   *     EDQUOT
   */
  protected void allocateRange(int mode, long offset, long length) throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
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
   * {@code syncfs(2)}.
   *
   * @throws ErrnoException EBADF with O_PATH; EOPNOTSUPP where the host gives no way to
   */
  public final void syncFileSystem() throws ErrnoException {
    if ((flags() & OpenFlags.O_PATH) != 0) {
      throw Errno.EBADF.exception();
    }
    if (place != null) {
      place.syncFileSystem();
    }
  }

  /**
   * {@code fcntl(F_GETPIPE_SZ)}.
   *
   * @throws ErrnoException EBADF if it is no pipe and no FIFO
   */
  public int pipeSize() throws ErrnoException {
    throw Errno.EBADF.exception();
  }

  /**
   * {@code fcntl(F_SETPIPE_SZ)}: rounds up to a power of two of pages. Source: Linux. Errors, in
   * checking order:
   *
   * <ol>
   *   <li>EBADF if it is no pipe and no FIFO
   *   <li>EINVAL if it is negative, or above 2 GiB
   *   <li>EPERM to make it larger than 1 MiB, or than the pipes of the filesystem may be in all
   *   <li>EBUSY if there is more in it
   * </ol>
   *
   * @return the new size
   */
  public int setPipeSize(long size) throws ErrnoException {
    throw Errno.EBADF.exception();
  }

  /**
   * {@code futimens(2)}. Does nothing at all if both times are left alone.
   *
   * @throws ErrnoException EBADF with O_PATH; EPERM for a standard stream; EROFS; EACCES if both
   *     become the present and the user neither owns the inode nor may write it; EPERM if he asks
   *     for other times and does not own it
   */
  public void setTimes(Credentials credentials, TimeChange access, TimeChange modification)
      throws ErrnoException {
    if (access.kind() != TimeChange.Kind.OMIT || modification.kind() != TimeChange.Kind.OMIT) {
      placeOr(Errno.EPERM).setTimes(credentials, access, modification);
    }
  }

  /**
   * {@code fchmod(2)}.
   *
   * @throws ErrnoException EBADF with O_PATH; EPERM for a standard stream; EROFS; EPERM unless the
   *     owner or root
   */
  public final void changeMode(Credentials credentials, int mode) throws ErrnoException {
    placeOr(Errno.EPERM).changeMode(credentials, mode);
  }

  /**
   * {@code fchown(2)}; -1 leaves an id alone. Takes the set-id bits away.
   *
   * @throws ErrnoException EBADF with O_PATH; EPERM for a standard stream; EROFS; EPERM unless
   *     root, or the owner who gives the file to one of his groups; EDQUOT
   */
  public final void changeOwner(Credentials credentials, int uid, int gid) throws ErrnoException {
    placeOr(Errno.EPERM).changeOwner(credentials, uid, gid);
  }

  /**
   * {@code fstatvfs(3)}.
   *
   * @throws ErrnoException ENOSYS for a standard stream
   */
  public final FileSystemStat statFileSystem() throws ErrnoException {
    if (place == null) {
      throw Errno.ENOSYS.exception();
    }
    return place.statFileSystem();
  }

  /**
   * {@code fgetxattr(2)}: the whole value. Errors, in checking order: EBADF with O_PATH; EOPNOTSUPP
   * for a standard stream; then as {@code getxattr} of a path.
   */
  public final byte[] getXattr(Credentials credentials, byte[] name) throws ErrnoException {
    return placeOr(Errno.EOPNOTSUPP).getXattr(credentials, name);
  }

  /**
   * {@code fsetxattr(2)}. Errors, in checking order: EBADF with O_PATH; EOPNOTSUPP for a standard
   * stream; then as {@code setxattr} of a path.
   *
   * @param flags of {@link dev.vivarium.vfs.posix.XattrFlags}
   */
  public final void setXattr(Credentials credentials, byte[] name, byte[] value, int flags)
      throws ErrnoException {
    placeOr(Errno.EOPNOTSUPP).setXattr(credentials, name, value, flags);
  }

  /**
   * {@code fremovexattr(2)}. Errors, in checking order: EBADF with O_PATH; EOPNOTSUPP for a
   * standard stream; then as {@code removexattr} of a path.
   */
  public final void removeXattr(Credentials credentials, byte[] name) throws ErrnoException {
    placeOr(Errno.EOPNOTSUPP).removeXattr(credentials, name);
  }

  /**
   * {@code flistxattr(2)}: the names, each without a 0 behind it.
   *
   * @throws ErrnoException EBADF with O_PATH; EOPNOTSUPP for a standard stream
   */
  public final List<byte[]> listXattr() throws ErrnoException {
    return placeOr(Errno.EOPNOTSUPP).listXattr();
  }

  /**
   * {@code flock(2)}. The lock belongs to this description, whichever descriptors refer to it,
   * until it is closed. A change gives the old lock back first, also if it then fails. Source:
   * Linux.
   *
   * @throws ErrnoException EBADF with O_PATH, or if open for neither reading nor writing; EAGAIN
   *     (EWOULDBLOCK) if another description's lock is in the way, and it shall not wait; EINVAL
   *     for a standard stream; ENOLCK
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  public final void lock(LockType type, boolean waits) throws ErrnoException, InterruptedException {
    var locked = placeOr(Errno.EINVAL);
    if (type != LockType.NONE && !readable() && !writable()) {
      throw Errno.EBADF.exception();
    }
    var wanted = new FileLocks.Held(this, FileLocks.NO_PID, type, 0, Long.MAX_VALUE);
    locked.locks().setWhole(locked.lockKey(), wanted, waits);
  }

  /**
   * {@code fcntl(F_OFD_SETLK)} and, waiting, {@code F_OFD_SETLKW}: the lock belongs to this
   * description until it is closed. A process's is {@link DescriptorTable#setLock}. Source: Linux.
   * Errors, in checking order:
   *
   * <ol>
   *   <li>EBADF with O_PATH; EINVAL for a standard stream
   *   <li>EINVAL, EOVERFLOW for a range that begins below 0 or ends beyond the greatest offset
   *   <li>EBADF for a read lock if not open for reading, for a write lock if not for writing
   *   <li>EAGAIN if another lock is in the way, and it shall not wait; ENOLCK
   * </ol>
   *
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  public final void setRecordLock(LockRequest request, boolean waits)
      throws ErrnoException, InterruptedException {
    setRecordLock(this, FileLocks.NO_PID, request, waits);
  }

  /**
   * As {@link #setRecordLock(LockRequest, boolean)}, for another owner, which gives its locks back
   * itself; also EDEADLK if a circle of owners would wait.
   *
   * @param owner compared by identity
   * @param pid what others are told of who has it
   */
  public final void setRecordLock(Object owner, int pid, LockRequest request, boolean waits)
      throws ErrnoException, InterruptedException {
    var locked = placeOr(Errno.EINVAL);
    var wanted = range(owner, pid, request);
    if ((request.type() == LockType.READ && !readable())
        || (request.type() == LockType.WRITE && !writable())) {
      throw Errno.EBADF.exception();
    }
    locked.locks().set(locked.lockKey(), wanted, waits, owner != this);
  }

  /**
   * {@code fcntl(F_OFD_GETLK)}: the first lock that would be in the way of one, or to a request of
   * type NONE the first that this description has itself; of type NONE if there is none.
   *
   * @throws ErrnoException EBADF with O_PATH; EINVAL, EOVERFLOW as {@link
   *     #setRecordLock(LockRequest, boolean)}
   */
  public final RecordLock getRecordLock(LockRequest request) throws ErrnoException {
    return getRecordLock(this, request);
  }

  final RecordLock getRecordLock(Object owner, LockRequest request) throws ErrnoException {
    var locked = placeOr(Errno.EINVAL);
    return locked.locks().find(locked.lockKey(), range(owner, 0, request));
  }

  /** Takes from a process its record locks on this file; see {@link DescriptorTable}. */
  final void releaseRecordLocks(Object owner) {
    if (place != null && (flags() & OpenFlags.O_PATH) == 0) {
      place.locks().releaseRecords(place, owner);
    }
  }

  private FileLocks.Held range(Object owner, int pid, LockRequest request) throws ErrnoException {
    long base =
        switch (request.whence()) {
          case SET -> 0;
          case CUR -> type() == FileType.REGULAR ? seek(0, Whence.CUR) : 0;
          case END -> stat().size();
          case DATA, HOLE -> throw Errno.EINVAL.exception();
        };
    if (request.start() > Long.MAX_VALUE - base) {
      throw Errno.EOVERFLOW.exception();
    }
    long start = base + request.start();
    long length = request.length();
    if (start < 0 || (length < 0 && start + length < 0)) {
      throw Errno.EINVAL.exception();
    }
    if (length > 0 && length - 1 > Long.MAX_VALUE - start) {
      throw Errno.EOVERFLOW.exception();
    }
    if (length < 0) {
      return new FileLocks.Held(owner, pid, request.type(), start + length, start - 1);
    }
    long end = length == 0 ? Long.MAX_VALUE : start + length - 1;
    return new FileLocks.Held(owner, pid, request.type(), start, end);
  }

  /** The inode, of what is not opened with O_PATH. */
  private OpenNode placeOr(Errno none) throws ErrnoException {
    if ((flags() & OpenFlags.O_PATH) != 0) {
      throw Errno.EBADF.exception();
    }
    if (place == null) {
      throw none.exception();
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

  /**
   * Opens what this refers to once more, as a link in {@code /proc/self/fd} does. Only for what is
   * in no tree: the rest is opened by its inode. Called under the lock of the tree.
   *
   * @param flags as of {@code open(2)}; permissions have been checked
   * @throws ErrnoException ENXIO if it cannot be, as a socket; EINVAL for all bits of the access
   *     mode
   */
  public FileDescription reopen(int flags) throws ErrnoException {
    throw Errno.ENXIO.exception();
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

  /** Says which inode this is. For whoever hands out a new description. */
  public final void openedAt(OpenNode place) {
    this.place = place;
  }

  /** The inode; null for a standard stream. */
  public final OpenNode place() {
    return place;
  }

  /** One more descriptor refers to this. */
  public final void retain() {
    REFERENCES.getAndAdd(this, 1);
  }

  /** One descriptor fewer refers to this; the last one closes it. */
  public final void release() {
    if ((int) REFERENCES.getAndAdd(this, -1) == 1) {
      if (place != null) {
        place.locks().releaseAll(place, this);
      }
      closed();
      if (place != null) {
        place.closed();
      }
      if (count != null) {
        count.release();
      }
    }
  }

  /** Fails unless something holds. */
  protected static void require(boolean condition, Errno otherwise) throws ErrnoException {
    if (!condition) {
      throw otherwise.exception();
    }
  }

  /** The last descriptor is gone. Called once; must not fail. */
  protected void closed() {}
}
