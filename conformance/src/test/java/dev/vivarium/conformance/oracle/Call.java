package dev.vivarium.conformance.oracle;

import static dev.vivarium.conformance.oracle.Parameter.ACCESS_FLAGS;
import static dev.vivarium.conformance.oracle.Parameter.ACCESS_MASK;
import static dev.vivarium.conformance.oracle.Parameter.ALLOCATE_MODE;
import static dev.vivarium.conformance.oracle.Parameter.AT;
import static dev.vivarium.conformance.oracle.Parameter.CONTENT;
import static dev.vivarium.conformance.oracle.Parameter.COPY_FLAGS;
import static dev.vivarium.conformance.oracle.Parameter.DESCRIPTOR_FLAGS;
import static dev.vivarium.conformance.oracle.Parameter.DEVICE;
import static dev.vivarium.conformance.oracle.Parameter.DUP_FLAGS;
import static dev.vivarium.conformance.oracle.Parameter.ENTRIES;
import static dev.vivarium.conformance.oracle.Parameter.FD;
import static dev.vivarium.conformance.oracle.Parameter.FOLLOW;
import static dev.vivarium.conformance.oracle.Parameter.GID;
import static dev.vivarium.conformance.oracle.Parameter.LENGTH;
import static dev.vivarium.conformance.oracle.Parameter.LOCK_TYPE;
import static dev.vivarium.conformance.oracle.Parameter.MODE;
import static dev.vivarium.conformance.oracle.Parameter.MOVED;
import static dev.vivarium.conformance.oracle.Parameter.NAME;
import static dev.vivarium.conformance.oracle.Parameter.NEW_FD;
import static dev.vivarium.conformance.oracle.Parameter.NODE;
import static dev.vivarium.conformance.oracle.Parameter.OFFSET;
import static dev.vivarium.conformance.oracle.Parameter.OPEN_FLAGS;
import static dev.vivarium.conformance.oracle.Parameter.OWN_OFFSET;
import static dev.vivarium.conformance.oracle.Parameter.PATH;
import static dev.vivarium.conformance.oracle.Parameter.PIPE_FLAGS;
import static dev.vivarium.conformance.oracle.Parameter.RENAME_FLAGS;
import static dev.vivarium.conformance.oracle.Parameter.SIZE;
import static dev.vivarium.conformance.oracle.Parameter.SPLICE_FLAGS;
import static dev.vivarium.conformance.oracle.Parameter.STATUS_FLAGS;
import static dev.vivarium.conformance.oracle.Parameter.TARGET;
import static dev.vivarium.conformance.oracle.Parameter.TIME;
import static dev.vivarium.conformance.oracle.Parameter.UID;
import static dev.vivarium.conformance.oracle.Parameter.VECTORS;
import static dev.vivarium.conformance.oracle.Parameter.WHENCE;
import static dev.vivarium.conformance.oracle.Parameter.XATTR_FLAGS;
import static dev.vivarium.conformance.oracle.Parameter.XATTR_LENGTH;
import static dev.vivarium.conformance.oracle.Parameter.XATTR_NAME;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.List;
import java.util.Locale;

/**
 * The table of calls. A row says how often a call is generated, with what arguments, and how our
 * side makes it; the helper has a case of the same name that makes it on Linux.
 */
enum Call {
  OPENAT(120, OurCalls::open, AT, PATH, OPEN_FLAGS, MODE),
  CLOSE(30, OurCalls::close, FD),
  DUPFD(8, OurCalls::duplicate, FD, NEW_FD),
  DUP2(8, OurCalls::duplicateTo, FD, NEW_FD),
  DUP3(8, DescriptorCalls::duplicateTo, FD, NEW_FD, DUP_FLAGS),
  SEND(10, OurCalls::send, FD),
  RECEIVE(10, OurCalls::receive),
  READ(25, OurCalls::read, FD, LENGTH),
  PREAD(15, OurCalls::pread, FD, LENGTH, OFFSET),
  WRITE(45, OurCalls::write, FD, LENGTH, CONTENT),
  PWRITE(25, OurCalls::pwrite, FD, LENGTH, OFFSET, CONTENT),
  LSEEK(30, OurCalls::seek, FD, OFFSET, WHENCE),
  FTRUNCATE(15, OurCalls::truncateOpen, FD, SIZE),
  FALLOCATE(20, OurCalls::allocate, FD, ALLOCATE_MODE, OFFSET, SIZE),
  FSYNC(4, OurCalls::sync, FD),
  FDATASYNC(4, OurCalls::syncData, FD),
  READV(10, VectorCalls::read, FD, VECTORS),
  PREADV(10, VectorCalls::pread, FD, VECTORS, OFFSET),
  WRITEV(12, VectorCalls::write, FD, VECTORS, CONTENT),
  PWRITEV(10, VectorCalls::pwrite, FD, VECTORS, OFFSET, CONTENT),
  FUTIMENS(10, OurCalls::setTimesOpen, FD, TIME, TIME),
  FSTAT(25, OurCalls::statOpen, FD),
  GETFL(8, OurCalls::statusFlags, FD),
  SETFL(8, OurCalls::setStatusFlags, FD, STATUS_FLAGS),
  PIPE(5, OurCalls::pipe, PIPE_FLAGS),
  READDIR(25, OurCalls::readDirectory, FD),
  SCAN(10, DescriptorCalls::scan, FD, ENTRIES, NAME, NAME),
  FCHMOD(15, OurCalls::changeModeOpen, FD, MODE),
  FCHOWN(15, OurCalls::changeOwnerOpen, FD, UID, GID),
  FSTATFS(4, OurCalls::statFileSystemOpen, FD),
  MKNODAT(30, OurCalls::makeNode, AT, PATH, NODE, DEVICE),
  MKDIRAT(70, OurCalls::makeDirectory, AT, PATH, MODE),
  RMDIR(25, OurCalls::removeDirectory, AT, PATH),
  UNLINKAT(30, OurCalls::unlink, AT, PATH),
  SYMLINKAT(30, OurCalls::symlink, TARGET, AT, PATH),
  READLINKAT(15, OurCalls::readLink, AT, PATH),
  LINKAT(40, OurCalls::link, AT, PATH, AT, PATH, FOLLOW),
  RENAMEAT2(70, OurCalls::rename, AT, PATH, AT, PATH, RENAME_FLAGS),
  UTIMENSAT(25, OurCalls::setTimes, AT, PATH, TIME, TIME, FOLLOW),
  FSTATAT(60, OurCalls::stat, AT, PATH, FOLLOW),
  ACCESS(15, OurCalls::access, PATH, ACCESS_MASK, FOLLOW),
  TRUNCATE(15, OurCalls::truncate, PATH, SIZE),
  FCHMODAT(45, OurCalls::changeMode, AT, PATH, MODE),
  FCHOWNAT(35, OurCalls::changeOwner, AT, PATH, UID, GID, FOLLOW),
  STATFS(10, OurCalls::statFileSystem, PATH),
  CHDIR(25, OurCalls::changeDirectory, PATH),
  FCHDIR(8, OurCalls::changeDirectoryOpen, FD),
  CHROOT(2, OurCalls::changeRoot, PATH),
  GETCWD(10, OurCalls::workingDirectory),
  UMASK(6, OurCalls::umask, Parameter.UMASK),
  DUPFD_CLOEXEC(4, DescriptorCalls::duplicateCloseOnExec, FD, NEW_FD),
  GETFD(6, DescriptorCalls::descriptorFlags, FD),
  SETFD(4, DescriptorCalls::setDescriptorFlags, FD, DESCRIPTOR_FLAGS),
  LINKEMPTY(15, DescriptorCalls::linkOpen, FD, AT, PATH),
  LINKFD(15, DescriptorCalls::linkByProc, FD, PATH),
  STATX(15, DescriptorCalls::statx, AT, PATH, FOLLOW),
  FACCESSAT2(15, DescriptorCalls::access, AT, PATH, ACCESS_MASK, ACCESS_FLAGS),
  SETXATTR(25, XattrCalls::set, PATH, XATTR_NAME, XATTR_LENGTH, CONTENT, XATTR_FLAGS, FOLLOW),
  FSETXATTR(20, XattrCalls::setOpen, FD, XATTR_NAME, XATTR_LENGTH, CONTENT, XATTR_FLAGS),
  GETXATTR(20, XattrCalls::get, PATH, XATTR_NAME, XATTR_LENGTH, FOLLOW),
  FGETXATTR(15, XattrCalls::getOpen, FD, XATTR_NAME, XATTR_LENGTH),
  REMOVEXATTR(12, XattrCalls::remove, PATH, XATTR_NAME, FOLLOW),
  FREMOVEXATTR(10, XattrCalls::removeOpen, FD, XATTR_NAME),
  LISTXATTR(8, XattrCalls::list, PATH, FOLLOW),
  FLISTXATTR(8, XattrCalls::listOpen, FD),
  SETLK(30, DescriptorCalls::setLock, FD, LOCK_TYPE, WHENCE, OFFSET, SIZE, FOLLOW),
  GETLK(15, DescriptorCalls::getLock, FD, LOCK_TYPE, WHENCE, OFFSET, SIZE, FOLLOW),
  FLOCK(12, DescriptorCalls::lock, FD, LOCK_TYPE),
  COPY_FILE_RANGE(15, DescriptorCalls::copyRange, FD, OWN_OFFSET, FD, OWN_OFFSET, SIZE, COPY_FLAGS),
  SENDFILE(10, DescriptorCalls::sendFile, FD, FD, OWN_OFFSET, MOVED),
  SPLICE(12, DescriptorCalls::splice, FD, OWN_OFFSET, FD, OWN_OFFSET, MOVED, SPLICE_FLAGS),
  TICK(10, OurCalls::tick),
  SNAPSHOT(6, OurCalls::snapshot);

  /** What a row does on our side: answers with the helper's text. */
  interface Body {
    String run(World world, Process process, Arguments arguments)
        throws ErrnoException, InterruptedException;
  }

  private final String text;
  private final int weight;
  private final Body body;
  private final List<Parameter> parameters;

  Call(int weight, Body body, Parameter... parameters) {
    this.text = name().toLowerCase(Locale.ROOT);
    this.weight = weight;
    this.body = body;
    this.parameters = List.of(parameters);
  }

  /** The name in the script. */
  String text() {
    return text;
  }

  /** How often this is generated, compared with the others. */
  int weight() {
    return weight;
  }

  boolean takes(Parameter parameter) {
    return parameters.contains(parameter);
  }

  List<Parameter> parameters() {
    return parameters;
  }

  String run(World world, Process process, Arguments arguments)
      throws ErrnoException, InterruptedException {
    return body.run(world, process, arguments);
  }
}
