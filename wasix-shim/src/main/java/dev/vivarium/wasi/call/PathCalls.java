package dev.vivarium.wasi.call;

import dev.vivarium.vfs.open.DescriptorTable;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.wasi.abi.Flags;
import dev.vivarium.wasi.abi.Rights;

/** Paths. They start from a directory's descriptor, or from the root if they are absolute. */
public final class PathCalls {
  private static final int FILE_MODE = 0666;
  private static final int DIRECTORY_MODE = 0777;

  private PathCalls() {}

  public static void createDirectory(Call call) throws ErrnoException {
    call.process().makeDirectory(call.i32(0), call.path(1), DIRECTORY_MODE);
  }

  public static void fileStatus(Call call) throws ErrnoException {
    FileStatus.give(call, call.process().stat(call.i32(0), call.path(2), follow(call, 1)));
  }

  public static void setTimes(Call call) throws ErrnoException {
    var access = FileStatus.accessTime(call.flags(5), call.i64(3));
    var modification = FileStatus.modificationTime(call.flags(5), call.i64(4));
    call.process().setTimes(call.i32(0), call.path(2), access, modification, follow(call, 1));
  }

  public static void link(Call call) throws ErrnoException {
    call.process().link(call.i32(0), call.path(2), follow(call, 1), call.i32(3), call.path(4));
  }

  public static void open(Call call) throws ErrnoException {
    call.give(open(call, 0));
  }

  /**
   * {@code path_open} with {@code FD_CLOEXEC}; the libc hands other bits over that mean nothing.
   */
  public static void openExtended(Call call) throws ErrnoException {
    boolean closeOnExec = (call.i32(7) & Flags.CLOEXEC) != 0;
    call.give(open(call, closeOnExec ? OpenFlags.O_CLOEXEC : 0));
  }

  /** A target that does not fit is cut off, as by {@code readlink(2)}. */
  public static void readLink(Call call) throws ErrnoException {
    int address = call.buffer(2);
    var target = call.process().readLink(call.i32(0), call.path(1));
    int count = (int) Math.min(target.length, call.length(2));
    call.memory().write(address, target, 0, count);
    call.give(count);
  }

  public static void removeDirectory(Call call) throws ErrnoException {
    call.process().removeDirectory(call.i32(0), call.path(1));
  }

  public static void rename(Call call) throws ErrnoException {
    call.process().rename(call.i32(0), call.path(1), call.i32(2), call.path(3));
  }

  public static void symlink(Call call) throws ErrnoException {
    call.process().symlink(call.path(0), call.i32(1), call.path(2));
  }

  public static void unlink(Call call) throws ErrnoException {
    call.process().unlink(call.i32(0), call.path(1));
  }

  // ---- WASIX --------------------------------------------------------------------------------

  public static void changeDirectory(Call call) throws ErrnoException {
    call.process().changeDirectory(call.path(0));
  }

  /**
   * The length goes in and out. ERANGE tells how much room is needed; EINVAL is for no room at all.
   */
  public static void workingDirectory(Call call) throws ErrnoException {
    var memory = call.memory();
    int lengthAt = call.address(1);
    long room = memory.readInt(lengthAt) & 0xFFFF_FFFFL;
    var path = call.process().workingDirectory();
    if (room < path.length) {
      memory.writeInt(lengthAt, path.length);
      throw Errno.ERANGE.exception();
    }
    if (call.address(0) == 0) {
      throw Errno.EINVAL.exception();
    }
    memory.check(call.address(0), room);
    memory.write(call.address(0), path, 0, path.length);
    if (room > path.length) {
      memory.writeByte(call.address(0) + path.length, (byte) 0);
    }
    memory.writeInt(lengthAt, path.length);
  }

  private static boolean follow(Call call, int index) throws ErrnoException {
    return (call.flags(index) & Flags.SYMLINK_FOLLOW) != 0;
  }

  private static int open(Call call, int more) throws ErrnoException {
    int directory = call.i32(0);
    int oflags = call.flags(3);
    var wanted = new DescriptorRights(Rights.ALL & call.i64(4), Rights.ALL & call.i64(5));
    long left = call.guest().rights(directory);
    boolean narrowed = left != DescriptorTable.ALL_RIGHTS;
    if (narrowed) {
      requireInheritable(DescriptorRights.of(call.guest(), directory), oflags, wanted);
    }
    int flags = openFlags(call, oflags, wanted.base()) | more;
    int fd = call.process().open(directory, call.path(2), flags, FILE_MODE);
    if (narrowed) {
      call.process().descriptors().setRights(fd, wanted.word());
    }
    return fd;
  }

  /**
   * The access mode as guests mean it. FD_WRITE alone decides about writing, as in wasmtime: Go
   * asks for FD_FILESTAT_SET_SIZE to read. Nobody who asks for a directory means to write.
   */
  private static int openFlags(Call call, int oflags, long rights) throws ErrnoException {
    boolean directory = (oflags & Flags.O_DIRECTORY) != 0;
    boolean write = (rights & Rights.FD_WRITE) != 0 && !directory;
    boolean read = (rights & Rights.READING) != 0;
    int access = write ? read ? OpenFlags.O_RDWR : OpenFlags.O_WRONLY : OpenFlags.O_RDONLY;
    return access
        | FdCalls.openFlags(call.flags(6))
        | (follow(call, 1) ? 0 : OpenFlags.O_NOFOLLOW)
        | ((oflags & Flags.O_CREAT) != 0 ? OpenFlags.O_CREAT : 0)
        | (directory ? OpenFlags.O_DIRECTORY : 0)
        | ((oflags & Flags.O_EXCL) != 0 ? OpenFlags.O_EXCL : 0)
        | ((oflags & Flags.O_TRUNC) != 0 ? OpenFlags.O_TRUNC : 0);
  }

  private static void requireInheritable(
      DescriptorRights directory, int oflags, DescriptorRights wanted) throws ErrnoException {
    long needed =
        ((oflags & Flags.O_CREAT) != 0 ? Rights.PATH_CREATE_FILE : 0)
            | ((oflags & Flags.O_TRUNC) != 0 ? Rights.PATH_FILESTAT_SET_SIZE : 0);
    long all = wanted.base() | wanted.inheriting();
    if ((needed & ~directory.base()) != 0 || (all & ~directory.inheriting()) != 0) {
      throw Errno.ENOTCAPABLE.exception();
    }
  }
}
