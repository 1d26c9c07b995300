package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.LockRequest;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.RecordLock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A process's table of descriptors. Allocation takes the lowest free number. Its lock is a leaf:
 * held for the table's own fields only, never across I/O or {@link FileDescription#release}. To
 * look a descriptor up takes no lock.
 */
public final class DescriptorTable {
  /** All rights; see {@link #rights}. */
  public static final long ALL_RIGHTS = -1L;

  private static final int FIRST_CAPACITY = 16;
  private static final VarHandle FILE =
      MethodHandles.arrayElementVarHandle(FileDescription[].class);

  private final int limit;
  // Replaced and changed under the lock, but looked into without it.
  private volatile FileDescription[] files;
  private long[] rights;
  // As large as the arrays, so that to set a bit takes no memory.
  private BitSet used;
  private BitSet closeOnExec;
  // How many numbers are free for which there is room already.
  private int room;

  /**
   * @param limit the most descriptors that may be open ({@code RLIMIT_NOFILE}); also bounds their
   *     numbers
   */
  public DescriptorTable(int limit) {
    this.limit = limit;
    room = Math.min(limit, FIRST_CAPACITY);
    files = new FileDescription[room];
    rights = new long[room];
    used = new BitSet(room);
    closeOnExec = new BitSet(room);
  }

  /**
   * Gives a description the lowest free descriptor that is at least {@code minimum}. The table
   * takes over the caller's reference, also when it fails (then the reference is released).
   *
   * @throws ErrnoException EINVAL if {@code minimum} is negative or not below the limit; EMFILE if
   *     there is no free number
   */
  public int add(FileDescription description, int minimum, boolean closeOnExec)
      throws ErrnoException {
    boolean added = false;
    try {
      synchronized (this) {
        int fd = free(minimum);
        put(fd, description, ALL_RIGHTS, closeOnExec);
        added = true;
        return fd;
      }
    } finally {
      if (!added) {
        description.release();
      }
    }
  }

  /**
   * Requires that there is a free number now, and takes the memory for it.
   *
   * @throws ErrnoException EMFILE
   */
  public void requireFree() throws ErrnoException {
    // Without the lock: who loses a race for the last one takes memory when he adds.
    if (room > 0) {
      return;
    }
    synchronized (this) {
      reserve(free(0));
    }
  }

  /**
   * The description behind a descriptor.
   *
   * @throws ErrnoException EBADF
   */
  public FileDescription get(int fd) throws ErrnoException {
    return require(fd);
  }

  /**
   * {@code close(2)}.
   *
   * @throws ErrnoException EBADF
   */
  public void close(int fd) throws ErrnoException {
    FileDescription closed;
    synchronized (this) {
      closed = require(fd);
      remove(fd);
    }
    close(closed);
  }

  private void close(FileDescription description) {
    description.releaseRecordLocks(this);
    description.release();
  }

  /** Closes every descriptor. */
  public void closeAll() {
    closeAll(false);
  }

  /** Closes what {@code execve(2)} closes. */
  public void closeOnExec() {
    closeAll(true);
  }

  private void closeAll(boolean onExec) {
    FileDescription[] closed;
    synchronized (this) {
      int[] numbers = (onExec ? closeOnExec : used).stream().toArray();
      closed = new FileDescription[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        closed[i] = files[numbers[i]];
        remove(numbers[i]);
      }
    }
    for (var description : closed) {
      close(description);
    }
  }

  /**
   * {@code fcntl(F_DUPFD)}, and with {@code closeOnExec} {@code F_DUPFD_CLOEXEC}. {@code dup(2)} is
   * {@code minimum} 0.
   *
   * @throws ErrnoException EBADF; EINVAL and EMFILE as {@link #add}
   */
  public int duplicate(int fd, int minimum, boolean closeOnExec) throws ErrnoException {
    synchronized (this) {
      var description = require(fd);
      int copy = free(minimum);
      put(copy, description, rights[fd], closeOnExec);
      description.retain();
      return copy;
    }
  }

  /**
   * {@code dup2(2)}: {@code to} refers to what {@code from} refers to; what was there is closed.
   * The same number twice changes nothing.
   *
   * @throws ErrnoException EBADF if {@code from} is not open, or {@code to} out of range
   */
  public void duplicateTo(int from, int to) throws ErrnoException {
    synchronized (this) {
      if (from == to) {
        require(from);
        return;
      }
    }
    replace(from, to, false);
  }

  /**
   * {@code dup3(2)}. Source: Linux. Errors, in checking order: EINVAL for a flag that is not
   * O_CLOEXEC, and for the same number twice; EBADF as {@link #duplicateTo(int, int)}.
   */
  public void duplicateTo(int from, int to, int flags) throws ErrnoException {
    if ((flags & ~OpenFlags.O_CLOEXEC) != 0 || from == to) {
      throw Errno.EINVAL.exception();
    }
    replace(from, to, flags != 0);
  }

  private void replace(int from, int to, boolean closeOnExec) throws ErrnoException {
    FileDescription replaced;
    synchronized (this) {
      var description = require(from);
      if (to < 0 || to >= limit) {
        throw Errno.EBADF.exception();
      }
      replaced = used.get(to) ? files[to] : null;
      put(to, description, rights[from], closeOnExec);
      description.retain();
    }
    if (replaced != null) {
      close(replaced);
    }
  }

  /**
   * Preview1's {@code fd_renumber}: moves {@code from} to {@code to}, which must be open and is
   * closed.
   *
   * @throws ErrnoException EBADF if one of them is not open
   */
  public void renumber(int from, int to) throws ErrnoException {
    FileDescription replaced;
    synchronized (this) {
      var description = require(from);
      replaced = require(to);
      if (from == to) {
        return;
      }
      put(to, description, rights[from], closeOnExec.get(from));
      remove(from);
    }
    close(replaced);
  }

  /**
   * Whether {@code FD_CLOEXEC} is set.
   *
   * @throws ErrnoException EBADF
   */
  public boolean closeOnExec(int fd) throws ErrnoException {
    synchronized (this) {
      require(fd);
      return closeOnExec.get(fd);
    }
  }

  /**
   * Sets {@code FD_CLOEXEC}.
   *
   * @throws ErrnoException EBADF
   */
  public void setCloseOnExec(int fd, boolean closeOnExec) throws ErrnoException {
    synchronized (this) {
      require(fd);
      this.closeOnExec.set(fd, closeOnExec);
    }
  }

  /**
   * The rights that an ABI lets a descriptor have, as that ABI's own bits; {@link #ALL_RIGHTS}
   * until {@link #setRights}. They belong to the descriptor: a duplicate takes them along.
   *
   * @throws ErrnoException EBADF
   */
  public long rights(int fd) throws ErrnoException {
    synchronized (this) {
      require(fd);
      return rights[fd];
    }
  }

  /**
   * Narrows or sets the rights of a descriptor.
   *
   * @throws ErrnoException EBADF
   */
  public void setRights(int fd, long rights) throws ErrnoException {
    synchronized (this) {
      require(fd);
      this.rights[fd] = rights;
    }
  }

  /**
   * {@code fcntl(F_SETLK)} and, waiting, {@code F_SETLKW}: the lock belongs to the process of this
   * table, until it unlocks the range or closes any descriptor of the file. A fork does not inherit
   * it. Source: Linux. Errors, in checking order:
   *
   * <ol>
   *   <li>EBADF, also with O_PATH; EINVAL for what is in no tree
   *   <li>EINVAL, EOVERFLOW for a range that begins below 0 or ends beyond the greatest offset
   *   <li>EBADF for a read lock if not open for reading, for a write lock if not for writing
   *   <li>EAGAIN if another lock is in the way, and it shall not wait; EDEADLK if who has it waits
   *       for this process; ENOLCK
   *   <li>EBADF if the descriptor was closed meanwhile
   * </ol>
   *
   * @param pid what others are told of who has it
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  public void setLock(int fd, int pid, LockRequest request, boolean waits)
      throws ErrnoException, InterruptedException {
    var description = get(fd);
    description.setRecordLock(this, pid, request, waits);
    if (request.type() != LockType.NONE && !isOpenAt(fd, description)) {
      description.releaseRecordLocks(this);
      throw Errno.EBADF.exception();
    }
  }

  /**
   * {@code fcntl(F_GETLK)}: the first lock that would be in the way of one of this process; of type
   * NONE if there is none.
   *
   * @throws ErrnoException EBADF, also with O_PATH; EINVAL if the request is for none; as {@link
   *     #setLock} for the range
   */
  public RecordLock getLock(int fd, LockRequest request) throws ErrnoException {
    var description = get(fd);
    if (request.type() == LockType.NONE && (description.flags() & OpenFlags.O_PATH) == 0) {
      throw Errno.EINVAL.exception();
    }
    return description.getRecordLock(this, request);
  }

  private synchronized boolean isOpenAt(int fd, FileDescription description) {
    return fd < files.length && files[fd] == description;
  }

  /** How many descriptors are open. */
  public int size() {
    synchronized (this) {
      return used.cardinality();
    }
  }

  /** How many descriptors there is room for at present. */
  public int capacity() {
    synchronized (this) {
      return files.length;
    }
  }

  /** The lowest open descriptor from {@code fd} on, or -1. */
  public int next(int fd) {
    synchronized (this) {
      return used.nextSetBit(Math.max(fd, 0));
    }
  }

  /** The table of a forked process: the same descriptors, referring to the same descriptions. */
  public DescriptorTable fork() {
    var fork = new DescriptorTable(limit);
    synchronized (this) {
      fork.files = files.clone();
      fork.rights = rights.clone();
      fork.used = copy(used, files.length);
      fork.closeOnExec = copy(closeOnExec, files.length);
      fork.room = room;
      used.stream().forEach(fd -> files[fd].retain());
    }
    return fork;
  }

  /** What {@link #replaceAll} puts in the place of a description. */
  public interface Replacement {
    /** A description with a reference for the descriptor, or null to leave it closed. */
    FileDescription of(FileDescription description) throws ErrnoException;
  }

  /**
   * Lets every descriptor refer to another description. For a table that nobody else uses yet.
   *
   * @throws ErrnoException as the replacement does; the descriptors from there on are as before
   */
  public void replaceAll(Replacement replacement) throws ErrnoException {
    for (int fd = next(0); fd >= 0; fd = next(fd + 1)) {
      var replaced = get(fd);
      var description = replacement.of(replaced);
      synchronized (this) {
        if (description == null) {
          remove(fd);
        } else {
          set(fd, description);
        }
      }
      replaced.release();
    }
  }

  private FileDescription require(int fd) throws ErrnoException {
    var present = files;
    var description =
        fd < 0 || fd >= present.length ? null : (FileDescription) FILE.getAcquire(present, fd);
    if (description == null) {
      throw Errno.EBADF.exception();
    }
    return description;
  }

  private void set(int fd, FileDescription description) {
    FILE.setRelease(files, fd, description);
  }

  private int free(int minimum) throws ErrnoException {
    if (minimum < 0 || minimum >= limit) {
      throw Errno.EINVAL.exception();
    }
    int fd = used.nextClearBit(minimum);
    if (fd >= limit) {
      throw Errno.EMFILE.exception();
    }
    return fd;
  }

  private void put(int fd, FileDescription description, long itsRights, boolean close) {
    reserve(fd);
    room -= used.get(fd) ? 0 : 1;
    used.set(fd);
    closeOnExec.set(fd, close);
    set(fd, description);
    rights[fd] = itsRights;
  }

  /** Makes room for a number, or fails for want of memory and has changed nothing. */
  private void reserve(int fd) {
    if (fd < files.length) {
      return;
    }
    int capacity = (int) Math.min(limit, Math.max(fd + 1L, 2L * files.length));
    var moreFiles = Arrays.copyOf(files, capacity);
    var moreRights = Arrays.copyOf(rights, capacity);
    var moreUsed = copy(used, capacity);
    closeOnExec = copy(closeOnExec, capacity);
    used = moreUsed;
    rights = moreRights;
    room += capacity - files.length;
    files = moreFiles;
  }

  private static BitSet copy(BitSet bits, int capacity) {
    var copy = new BitSet(capacity);
    copy.or(bits);
    return copy;
  }

  private void remove(int fd) {
    room++;
    set(fd, null);
    used.clear(fd);
    closeOnExec.clear(fd);
  }
}
