package dev.vivarium.conformance.bench.fs;

import static dev.vivarium.sys.Process.AT_FDCWD;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.sys.Kernel;
import dev.vivarium.sys.Limits;
import dev.vivarium.sys.Process;
import dev.vivarium.sys.net.NoNetwork;
import dev.vivarium.sys.proc.NoProcesses;
import dev.vivarium.sys.signal.DefaultActions;
import dev.vivarium.sys.thread.NoThreads;
import dev.vivarium.sys.time.SystemClock;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.nio.VfsFileSystem;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Whence;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Ours, by the system calls of a process. */
final class GuestTree implements FileTree {
  private final Process process;

  GuestTree() {
    var kernel =
        new Kernel(
            filesystem(),
            new SystemClock(),
            new Random(0),
            Limits.DEFAULT,
            new NoThreads(),
            new DefaultActions(),
            new NoNetwork(),
            new NoProcesses());
    process = new Process(kernel, 1, 1, Credentials.ROOT, List.of(), List.of());
  }

  private static Vfs filesystem() {
    return Vfs.builder().quota(Quota.UNLIMITED).build();
  }

  /** The root of a new one, as {@code java.nio.file} has it. */
  static Path nioRoot() {
    var vfs = filesystem();
    return VfsFileSystem.of(vfs, vfs.superuser()).getPath("/");
  }

  @Override
  public Place at(String path) {
    return new GuestPlace(path.getBytes(UTF_8));
  }

  @Override
  public void close() {
    // The heap is all that it has taken.
  }

  private final class GuestPlace implements Place {
    private final byte[] path;

    GuestPlace(byte[] path) {
      this.path = path;
    }

    @Override
    public void makeDirectory() throws Exception {
      process.makeDirectory(AT_FDCWD, path, 0777);
    }

    @Override
    public void create() throws Exception {
      openAndClose(OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL);
    }

    @Override
    public void open() throws Exception {
      openAndClose(OpenFlags.O_RDONLY);
    }

    private void openAndClose(int flags) throws Exception {
      process.descriptors().close(process.open(AT_FDCWD, path, flags, 0666));
    }

    @Override
    public Object status() throws Exception {
      return process.stat(AT_FDCWD, path, true);
    }

    @Override
    public boolean exists() throws Exception {
      try {
        process.stat(AT_FDCWD, path, true);
        return true;
      } catch (ErrnoException e) {
        if (e.errno() == Errno.ENOENT) {
          return false;
        }
        throw e;
      }
    }

    @Override
    public void unlink() throws Exception {
      process.unlink(AT_FDCWD, path);
    }

    @Override
    public void renameTo(Place target) throws Exception {
      process.rename(AT_FDCWD, path, AT_FDCWD, ((GuestPlace) target).path);
    }

    @Override
    public int list() throws Exception {
      int[] bytes = new int[1];
      int fd = process.open(AT_FDCWD, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY, 0);
      process
          .descriptors()
          .get(fd)
          .readDirectory(
              0,
              (cookie, ino, type, name) -> {
                bytes[0] += name.length;
                return true;
              });
      process.descriptors().close(fd);
      return bytes[0];
    }

    @Override
    public OpenFile openToWrite() throws Exception {
      return open(OpenFlags.O_RDWR | OpenFlags.O_CREAT);
    }

    @Override
    public OpenFile openToAppend() throws Exception {
      return open(OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND);
    }

    private OpenFile open(int flags) throws Exception {
      return new GuestFile(process.open(AT_FDCWD, path, flags, 0666));
    }
  }

  /** A descriptor, looked up at each call as a guest's is. */
  private final class GuestFile implements OpenFile {
    private final int fd;

    GuestFile(int fd) {
      this.fd = fd;
    }

    private FileDescription file() throws Exception {
      return process.descriptors().get(fd);
    }

    @Override
    public void read(byte[] buffer) throws Exception {
      OpenFile.require(file().read(buffer, 0, buffer.length) == buffer.length);
    }

    @Override
    public void read(byte[] buffer, long position) throws Exception {
      OpenFile.require(file().pread(buffer, 0, buffer.length, position) == buffer.length);
    }

    @Override
    public void write(byte[] buffer) throws Exception {
      OpenFile.require(file().write(buffer, 0, buffer.length) == buffer.length);
    }

    @Override
    public void write(byte[] buffer, long position) throws Exception {
      OpenFile.require(file().pwrite(buffer, 0, buffer.length, position) == buffer.length);
    }

    @Override
    public void rewind() throws Exception {
      file().seek(0, Whence.SET);
    }

    @Override
    public void truncate() throws Exception {
      file().truncate(0);
    }

    @Override
    public void close() throws Exception {
      process.descriptors().close(fd);
    }
  }
}
