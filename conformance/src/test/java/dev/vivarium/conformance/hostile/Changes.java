package dev.vivarium.conformance.hostile;

import static dev.vivarium.sys.Process.AT_FDCWD;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.AllocateFlags;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.RenameFlags;
import dev.vivarium.vfs.posix.TimeChange;
import java.util.ArrayList;
import java.util.List;

/**
 * Every call that changes what is stored, made in a place that must stay as it is, with the errno
 * of Linux: EROFS, but for what is decided before anybody asks whether the place may be changed.
 *
 * <ul>
 *   <li>EXDEV: {@code rename(2)} asks first whether both paths are of one mount, {@code link(2)}
 *       once the new one's may be changed.
 *   <li>EBADF, and EINVAL to {@code ftruncate(2)}: nothing there is open for writing, as it cannot
 *       be opened so; nor is what is open with O_PATH.
 * </ul>
 */
final class Changes {

  /** A call, with what it is tried on, and what it answers. */
  record Change(String method, String what, Errno refusal, Call call) {

    /** What it answers; null if it is done. */
    Errno outcome() {
      try {
        call.make();
        return null;
      } catch (ErrnoException e) {
        return e.errno();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public String toString() {
      return method + ", " + what;
    }
  }

  /** What is tried. */
  interface Call {
    void make() throws ErrnoException, InterruptedException;
  }

  private static final byte[] CONTENT = {'x'};
  private static final TimeChange NOW = TimeChange.NOW;

  private final List<Change> all = new ArrayList<>();
  private final Process process;
  private final Vfs vfs;
  private final byte[] top;
  private final byte[] f;
  private final byte[] d;
  private final byte[] made;
  private final byte[] mine;
  private final byte[] dir;
  private final byte[] out;

  private Changes(Process process, String place, String elsewhere) {
    this.process = process;
    this.vfs = process.kernel().vfs();
    top = bytes(place.isEmpty() ? "/" : place);
    f = bytes(place + "/f");
    d = bytes(place + "/d");
    made = bytes(place + "/new");
    mine = bytes(elsewhere + "/mine");
    dir = bytes(elsewhere + "/dir");
    out = bytes(elsewhere + "/out");
  }

  /**
   * All changes, for a process that has nothing open.
   *
   * @param place where they are tried: has a file f, and an empty directory d
   * @param elsewhere where everything may be changed: has a file mine, and an empty directory dir
   */
  static List<Change> of(Process process, String place, String elsewhere)
      throws ErrnoException, InterruptedException {
    var changes = new Changes(process, place, elsewhere);
    changes.opening();
    changes.names(place);
    changes.twoNames();
    changes.attributes();
    changes.namesOfProcess();
    changes.attributesOfProcess();
    changes.descriptions();
    return changes.all;
  }

  private void add(String method, String what, Errno refusal, Call call) {
    all.add(new Change(method, what, refusal, call));
  }

  private void opening() {
    opening("to make", made, OpenFlags.O_WRONLY | OpenFlags.O_CREAT);
    opening("without a name", d, OpenFlags.O_RDWR | OpenFlags.O_TMPFILE);
    opening("to write", f, OpenFlags.O_WRONLY);
    opening("to append", f, OpenFlags.O_RDWR | OpenFlags.O_APPEND);
    opening("to cut", f, OpenFlags.O_RDONLY | OpenFlags.O_TRUNC);
  }

  private void opening(String what, byte[] path, int flags) {
    add(
        "Vfs.open/5",
        what,
        Errno.EROFS,
        () -> vfs.open(process.context(), vfs.root(), path, flags, 0666));
    add("Process.open/4", what, Errno.EROFS, () -> process.open(AT_FDCWD, path, flags, 0666));
  }

  private void names(String place) {
    var who = process.context();
    var at = vfs.root();
    int fifo = FileType.FIFO.bits() | 0666;
    int device = FileType.CHARACTER_DEVICE.bits() | 0666;
    add("Vfs.write/2", "over", Errno.EROFS, () -> vfs.write(place + "/f", CONTENT));
    add("Vfs.write/2", "new", Errno.EROFS, () -> vfs.write(place + "/new", CONTENT));
    add("Vfs.makeFile/1", "", Errno.EROFS, () -> vfs.makeFile(place + "/new"));
    add("Vfs.makeDirectories/1", "", Errno.EROFS, () -> vfs.makeDirectories(place + "/new/d"));
    add("Vfs.makeDirectory/4", "", Errno.EROFS, () -> vfs.makeDirectory(who, at, made, 0777));
    add("Vfs.makeNode/5", "file", Errno.EROFS, () -> vfs.makeNode(who, at, made, 0666, 0));
    add("Vfs.makeNode/5", "FIFO", Errno.EROFS, () -> vfs.makeNode(who, at, made, fifo, 0));
    add("Vfs.makeNode/5", "device", Errno.EROFS, () -> vfs.makeNode(who, at, made, device, 1));
    add("Vfs.symlink/4", "", Errno.EROFS, () -> vfs.symlink(who, CONTENT, at, made));
    add("Vfs.removeDirectory/3", "", Errno.EROFS, () -> vfs.removeDirectory(who, at, d));
    add("Vfs.unlink/3", "", Errno.EROFS, () -> vfs.unlink(who, at, f));
  }

  private void twoNames() {
    moving("within", Errno.EROFS, f, made, 0);
    moving("a directory within", Errno.EROFS, d, made, 0);
    moving("out", Errno.EXDEV, f, out, 0);
    moving("in", Errno.EXDEV, mine, made, 0);
    moving("over what is there", Errno.EXDEV, mine, f, 0);
    moving("a directory out", Errno.EXDEV, d, dir, 0);
    moving("without replacing", Errno.EROFS, f, made, RenameFlags.RENAME_NOREPLACE);
    moving("leaving a whiteout", Errno.EROFS, f, made, RenameFlags.RENAME_WHITEOUT);
    moving("in exchange", Errno.EROFS, f, d, RenameFlags.RENAME_EXCHANGE);
    moving("in exchange with elsewhere", Errno.EXDEV, mine, f, RenameFlags.RENAME_EXCHANGE);
    linking("within", Errno.EROFS, f, made);
    linking("out", Errno.EXDEV, f, out);
    linking("in", Errno.EROFS, mine, made);
  }

  private void moving(String what, Errno refusal, byte[] from, byte[] to, int flags) {
    var who = process.context();
    var at = vfs.root();
    add("Vfs.rename/6", what, refusal, () -> vfs.rename(who, at, from, at, to, flags));
    add(
        "Process.rename/5",
        what,
        refusal,
        () -> process.rename(AT_FDCWD, from, AT_FDCWD, to, flags));
    if (flags == 0) {
      add("Vfs.rename/5", what, refusal, () -> vfs.rename(who, at, from, at, to));
      add("Process.rename/4", what, refusal, () -> process.rename(AT_FDCWD, from, AT_FDCWD, to));
    }
  }

  private void linking(String what, Errno refusal, byte[] from, byte[] to) {
    var who = process.context();
    var at = vfs.root();
    add("Vfs.link/6", what, refusal, () -> vfs.link(who, at, from, false, at, to));
    add("Process.link/5", what, refusal, () -> process.link(AT_FDCWD, from, false, AT_FDCWD, to));
    for (int flags : new int[] {OpenFlags.O_RDONLY, OpenFlags.O_PATH}) {
      String how = what + (flags == 0 ? "" : " with O_PATH");
      add("Vfs.link/4", how, refusal, () -> linkOpened(from, flags, to));
      add("Process.link/3", how, refusal, () -> linkDescriptor(from, flags, to));
    }
  }

  private void linkOpened(byte[] from, int flags, byte[] to) throws ErrnoException {
    var opened = vfs.open(process.context(), vfs.root(), from, flags, 0);
    try {
      vfs.link(process.context(), opened, vfs.root(), to);
    } finally {
      opened.release();
    }
  }

  private void linkDescriptor(byte[] from, int flags, byte[] to) throws ErrnoException {
    int fd = process.open(AT_FDCWD, from, flags, 0);
    try {
      process.link(fd, AT_FDCWD, to);
    } finally {
      process.descriptors().close(fd);
    }
  }

  private void attributes() {
    var who = process.context();
    var at = vfs.root();
    byte[] a = bytes("user.a");
    byte[] b = bytes("user.b");
    add("Vfs.truncate/4", "to nothing", Errno.EROFS, () -> vfs.truncate(who, at, f, 0));
    add("Vfs.truncate/4", "to more", Errno.EROFS, () -> vfs.truncate(who, at, f, 10_000));
    add("Vfs.access/5", "to write", Errno.EROFS, () -> vfs.access(who, at, f, FileMode.W_OK, 0));
    for (byte[] path : List.of(f, d, top)) {
      String what = new String(path, US_ASCII);
      add("Vfs.changeMode/5", what, Errno.EROFS, () -> vfs.changeMode(who, at, path, 0, true));
      add("Vfs.changeOwner/6", what, Errno.EROFS, () -> vfs.changeOwner(who, at, path, 1, 1, true));
      add("Vfs.setTimes/6", what, Errno.EROFS, () -> vfs.setTimes(who, at, path, NOW, NOW, true));
      add("Vfs.setXattr/7", what, Errno.EROFS, () -> vfs.setXattr(who, at, path, b, a, 0, true));
      add("Vfs.removeXattr/5", what, Errno.EROFS, () -> vfs.removeXattr(who, at, path, a, true));
    }
  }

  private void namesOfProcess() {
    int fifo = FileType.FIFO.bits() | 0666;
    add(
        "Process.makeDirectory/3",
        "",
        Errno.EROFS,
        () -> process.makeDirectory(AT_FDCWD, made, 0777));
    add("Process.makeNode/4", "", Errno.EROFS, () -> process.makeNode(AT_FDCWD, made, fifo, 0));
    add("Process.symlink/3", "", Errno.EROFS, () -> process.symlink(CONTENT, AT_FDCWD, made));
    add("Process.removeDirectory/2", "", Errno.EROFS, () -> process.removeDirectory(AT_FDCWD, d));
    add("Process.unlink/2", "", Errno.EROFS, () -> process.unlink(AT_FDCWD, f));
  }

  private void attributesOfProcess() {
    byte[] a = bytes("user.a");
    byte[] b = bytes("user.b");
    add("Process.truncate/2", "", Errno.EROFS, () -> process.truncate(f, 0));
    add(
        "Process.access/4",
        "to write",
        Errno.EROFS,
        () -> process.access(AT_FDCWD, f, FileMode.W_OK, 0));
    add("Process.changeMode/4", "", Errno.EROFS, () -> process.changeMode(AT_FDCWD, f, 0, true));
    add(
        "Process.changeOwner/5",
        "",
        Errno.EROFS,
        () -> process.changeOwner(AT_FDCWD, f, 1, 1, true));
    add("Process.setTimes/5", "", Errno.EROFS, () -> process.setTimes(AT_FDCWD, f, NOW, NOW, true));
    add("Process.setXattr/5", "", Errno.EROFS, () -> process.setXattr(f, b, a, 0, true));
    add("Process.removeXattr/3", "", Errno.EROFS, () -> process.removeXattr(f, a, true));
  }

  /** Opens what is to be tried on, and leaves it open. */
  private void descriptions() throws ErrnoException, InterruptedException {
    description(f, OpenFlags.O_RDONLY, Errno.EINVAL, Errno.EROFS);
    description(d, OpenFlags.O_DIRECTORY, Errno.EINVAL, Errno.EROFS);
    description(f, OpenFlags.O_PATH, Errno.EBADF, Errno.EBADF);
    int from = process.open(AT_FDCWD, mine, OpenFlags.O_RDONLY, 0);
    int to = process.open(AT_FDCWD, f, OpenFlags.O_RDONLY, 0);
    transfers(from, to);
  }

  private void description(byte[] path, int flags, Errno cut, Errno changed) throws ErrnoException {
    var opened = process.descriptors().get(process.open(AT_FDCWD, path, flags, 0));
    var who = Credentials.ROOT;
    byte[] a = bytes("user.a");
    byte[] b = bytes("user.b");
    String what = new String(path, US_ASCII) + (flags == OpenFlags.O_PATH ? " with O_PATH" : "");
    add("FileDescription.write/3", what, Errno.EBADF, () -> opened.write(CONTENT, 0, 1));
    add("FileDescription.pwrite/4", what, Errno.EBADF, () -> opened.pwrite(CONTENT, 0, 1, 0));
    add("FileDescription.truncate/1", what, cut, () -> opened.truncate(0));
    allocations(opened, what);
    add("FileDescription.changeMode/2", what, changed, () -> opened.changeMode(who, 0));
    add("FileDescription.changeOwner/3", what, changed, () -> opened.changeOwner(who, 1, 1));
    add("FileDescription.setTimes/3", what, changed, () -> opened.setTimes(who, NOW, NOW));
    add("FileDescription.setXattr/4", what, changed, () -> opened.setXattr(who, b, a, 0));
    add("FileDescription.removeXattr/2", what, changed, () -> opened.removeXattr(who, a));
    if (flags != OpenFlags.O_PATH) {
      // It is asked of the place: a descriptor that only reads says nothing of what may be written.
      add("FileDescription.access/2", what, Errno.EROFS, () -> opened.access(who, FileMode.W_OK));
    }
  }

  private void allocations(FileDescription opened, String what) {
    add("FileDescription.allocate/2", what, Errno.EBADF, () -> opened.allocate(0, 10_000));
    int[] modes = {
      0,
      AllocateFlags.FALLOC_FL_KEEP_SIZE,
      AllocateFlags.FALLOC_FL_KEEP_SIZE | AllocateFlags.FALLOC_FL_PUNCH_HOLE,
      AllocateFlags.FALLOC_FL_COLLAPSE_RANGE,
      AllocateFlags.FALLOC_FL_ZERO_RANGE,
      AllocateFlags.FALLOC_FL_INSERT_RANGE,
      AllocateFlags.FALLOC_FL_UNSHARE_RANGE
    };
    for (int mode : modes) {
      add(
          "FileDescription.allocate/3",
          what + " with mode " + mode,
          Errno.EBADF,
          () -> opened.allocate(mode, 0, 4096));
    }
  }

  private void transfers(int from, int to) throws ErrnoException, InterruptedException {
    var source = process.descriptors().get(from);
    var target = process.descriptors().get(to);
    var pipe = vfs.pipe(process.context(), 0);
    pipe.writer().write(CONTENT, 0, 1);
    int reader = process.descriptors().add(pipe.reader(), 0, false);
    process.descriptors().add(pipe.writer(), 0, false);
    add("Transfer.copyRange/5", "", Errno.EBADF, () -> Transfer.copyRange(source, 0, target, 0, 1));
    add("Transfer.cloneFile/2", "", Errno.EBADF, () -> Transfer.cloneFile(source, target));
    add("Transfer.sendFile/4", "", Errno.EBADF, () -> Transfer.sendFile(target, source, 0, 1));
    add(
        "Transfer.splice/6",
        "",
        Errno.EBADF,
        () -> Transfer.splice(pipe.reader(), Transfer.OFFSET, target, 0, 1, true));
    add(
        "Process.copyFileRange/6",
        "",
        Errno.EBADF,
        () -> process.copyFileRange(from, 0, to, 0, 1, 0));
    add("Process.sendFile/4", "", Errno.EBADF, () -> process.sendFile(to, from, 0, 1));
    add(
        "Process.splice/6",
        "",
        Errno.EBADF,
        () -> process.splice(reader, Transfer.OFFSET, to, 0, 1, 0));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
