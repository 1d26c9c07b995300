package dev.vivarium.vfs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A process in a filesystem, for tests: the calls of {@link Vfs} with paths as text. */
final class Guest {
  final Vfs vfs;
  final FsContext context;
  private Location at;

  Guest(Vfs vfs) {
    this(vfs, vfs.superuser());
    context.setUmask(022);
  }

  private Guest(Vfs vfs, FsContext context) {
    this.vfs = vfs;
    this.context = context;
    this.at = context.workingDirectory();
  }

  static Guest inNewWorld() {
    return new Guest(Vfs.builder().build());
  }

  /** Another process in the same filesystem. */
  Guest as(int uid, int gid, int... groups) {
    return new Guest(vfs, new FsContext(new Credentials(uid, gid, groups), context.root()));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Requires that a call fails so. */
  static void fails(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ErrnoException.class,
            e -> org.assertj.core.api.Assertions.assertThat(e.errno()).isEqualTo(errno));
  }

  FileDescription open(String path, int flags) throws ErrnoException {
    return open(path, flags, 0666);
  }

  FileDescription open(String path, int flags, int mode) throws ErrnoException {
    return vfs.open(context, at, bytes(path), flags, mode);
  }

  FileDescription create(String path) throws ErrnoException {
    return open(path, OpenFlags.O_RDWR | OpenFlags.O_CREAT | OpenFlags.O_EXCL);
  }

  Guest touch(String path) throws ErrnoException {
    open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT).release();
    return this;
  }

  Guest write(String path, String content) throws ErrnoException {
    var file = open(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_TRUNC);
    try {
      write(file, content);
    } finally {
      file.release();
    }
    return this;
  }

  static int write(FileDescription file, String content) throws ErrnoException {
    try {
      return file.write(bytes(content), 0, content.length());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  String read(String path) throws ErrnoException {
    var file = open(path, OpenFlags.O_RDONLY);
    try {
      return read(file);
    } finally {
      file.release();
    }
  }

  /** What is left from the offset on. */
  static String read(FileDescription file) throws ErrnoException {
    var content = new StringBuilder();
    var buffer = new byte[1000];
    try {
      for (int n = file.read(buffer, 0, 1000); n > 0; n = file.read(buffer, 0, 1000)) {
        content.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return content.toString();
  }

  Stat stat(String path) throws ErrnoException {
    return vfs.stat(context, at, bytes(path), true);
  }

  Stat lstat(String path) throws ErrnoException {
    return vfs.stat(context, at, bytes(path), false);
  }

  boolean exists(String path) {
    try {
      lstat(path);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  void access(String path, int mask) throws ErrnoException {
    vfs.access(context, at, bytes(path), mask, true);
  }

  Guest mkdir(String path) throws ErrnoException {
    return mkdir(path, 0777);
  }

  Guest mkdir(String path, int mode) throws ErrnoException {
    vfs.makeDirectory(context, at, bytes(path), mode);
    return this;
  }

  Guest mkfifo(String path) throws ErrnoException {
    return mknod(path, FileType.FIFO.bits() | 0666, 0);
  }

  Guest mknod(String path, int mode, long rdev) throws ErrnoException {
    vfs.makeNode(context, at, bytes(path), mode, rdev);
    return this;
  }

  void rmdir(String path) throws ErrnoException {
    vfs.removeDirectory(context, at, bytes(path));
  }

  void unlink(String path) throws ErrnoException {
    vfs.unlink(context, at, bytes(path));
  }

  Guest symlink(String target, String path) throws ErrnoException {
    vfs.symlink(context, bytes(target), at, bytes(path));
    return this;
  }

  String readlink(String path) throws ErrnoException {
    return text(vfs.readLink(context, at, bytes(path)));
  }

  void link(String from, String to) throws ErrnoException {
    vfs.link(context, at, bytes(from), false, at, bytes(to));
  }

  void rename(String from, String to) throws ErrnoException {
    vfs.rename(context, at, bytes(from), at, bytes(to));
  }

  void rename(String from, String to, int flags) throws ErrnoException {
    vfs.rename(context, at, bytes(from), at, bytes(to), flags);
  }

  void link(FileDescription from, String to) throws ErrnoException {
    vfs.link(context, from, at, bytes(to));
  }

  void truncate(String path, long size) throws ErrnoException {
    vfs.truncate(context, at, bytes(path), size);
  }

  Guest chmod(String path, int mode) throws ErrnoException {
    vfs.changeMode(context, at, bytes(path), mode, true);
    return this;
  }

  Guest chown(String path, int uid, int gid) throws ErrnoException {
    vfs.changeOwner(context, at, bytes(path), uid, gid, false);
    return this;
  }

  Guest setxattr(String path, String name, String value, int flags) throws ErrnoException {
    vfs.setXattr(context, at, bytes(path), bytes(name), bytes(value), flags, true);
    return this;
  }

  String getxattr(String path, String name) throws ErrnoException {
    return text(vfs.getXattr(context, at, bytes(path), bytes(name), true));
  }

  void removexattr(String path, String name) throws ErrnoException {
    vfs.removeXattr(context, at, bytes(path), bytes(name), true);
  }

  List<String> listxattr(String path) throws ErrnoException {
    return vfs.listXattr(context, at, bytes(path), true).stream().map(Guest::text).toList();
  }

  void utimens(String path, TimeChange access, TimeChange modification) throws ErrnoException {
    vfs.setTimes(context, at, bytes(path), access, modification, true);
  }

  void chdir(String path) throws ErrnoException {
    at = vfs.directory(context, at, bytes(path));
    context.setWorkingDirectory(at);
  }

  String getcwd() throws ErrnoException {
    return text(vfs.pathOf(context, at));
  }

  /** The names in a directory, without {@code .} and {@code ..}, in their order. */
  List<String> list(String path) throws ErrnoException {
    var names = new ArrayList<String>();
    var directory = open(path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
    try {
      directory.readDirectory(
          2,
          (cookie, ino, type, name) -> {
            names.add(text(name));
            return true;
          });
    } finally {
      directory.release();
    }
    return names;
  }
}
