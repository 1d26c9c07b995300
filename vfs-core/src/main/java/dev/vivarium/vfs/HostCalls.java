package dev.vivarium.vfs;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MappingFault;
import dev.vivarium.vfs.posix.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The host's conveniences, each more than one system call. They do not wait, whatever a guest has
 * put where they look.
 */
final class HostCalls {
  private final Vfs vfs;

  HostCalls(Vfs vfs) {
    this.vfs = vfs;
  }

  byte[] read(String path, int most) throws ErrnoException {
    var file =
        vfs.open(
            vfs.superuser(), vfs.root(), bytes(path), OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK, 0);
    try {
      long size = file.stat().size();
      if (size > most) {
        throw Errno.EFBIG.exception();
      }
      var content = new byte[(int) size];
      int done = 0;
      for (int n = -1; n != 0 && done < content.length; done += n) {
        n = file.read(content, done, content.length - done);
      }
      return done == content.length ? content : Arrays.copyOf(content, done);
    } catch (InternalError e) {
      throw MappingFault.failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errno.EINTR.exception();
    } finally {
      file.release();
    }
  }

  void write(String path, byte[] content) throws ErrnoException {
    var file = openNew(path, OpenFlags.O_WRONLY | OpenFlags.O_TRUNC);
    try {
      for (int done = 0; done < content.length; ) {
        done += file.write(content, done, content.length - done);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errno.EINTR.exception();
    } finally {
      file.release();
    }
  }

  void makeFile(String path) throws ErrnoException {
    openNew(path, OpenFlags.O_RDONLY).release();
  }

  private FileDescription openNew(String path, int flags) throws ErrnoException {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      makeDirectories(path.substring(0, slash));
    }
    int all = flags | OpenFlags.O_CREAT | OpenFlags.O_NONBLOCK;
    return vfs.open(unmasked(), vfs.root(), bytes(path), all, 0644);
  }

  void makeDirectories(String path) throws ErrnoException {
    var context = unmasked();
    byte[] whole = bytes(path);
    for (int end = 1; end <= whole.length; end++) {
      boolean atEnd = end == whole.length || (whole[end] == '/' && whole[end - 1] != '/');
      if (atEnd) {
        makeDirectory(context, Arrays.copyOf(whole, end));
      }
    }
  }

  private void makeDirectory(FsContext context, byte[] path) throws ErrnoException {
    try {
      vfs.makeDirectory(context, vfs.root(), path, 0755);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      // Fine if it is a directory, or a link to one; else ENOTDIR, or what is wrong with the link.
      vfs.directory(context, vfs.root(), path);
    }
  }

  private FsContext unmasked() {
    var context = vfs.superuser();
    context.setUmask(0);
    return context;
  }

  private static byte[] bytes(String path) {
    return path.getBytes(StandardCharsets.UTF_8);
  }
}
