package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.Sandbox;
import dev.vivarium.image.Accounts;
import dev.vivarium.image.HostReason;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ImageReader;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The tree that a guest starts from, while it is being put together. What is in it is free of
 * limits.
 */
final class GuestRoot {
  private final Vfs vfs;

  private GuestRoot(Vfs vfs) {
    this.vfs = vfs;
  }

  /**
   * What every guest finds, over what {@code vivarium pack} put into a file.
   *
   * @param given as the person gave it; null for none
   * @param program what may have files of its own, which the person's replace
   */
  static GuestRoot load(Host host, Path given, Program program) throws IOException {
    var builder = Vfs.builder().quota(Quota.UNLIMITED);
    if (given != null) {
      builder.base(read(host.path(given), given));
    } else {
      program.files().ifPresent(builder::base);
    }
    return furnished(builder, given == null ? "the program's files" : "--root " + given);
  }

  private static Snapshot read(Path path, Path given) {
    // Opening a pipe would block for as long as nobody writes to it.
    if (!Files.isRegularFile(path)) {
      throw Failure.usage(
          "--root "
              + given
              + (Files.isDirectory(path)
                  ? ": is a directory; make a file of it first: vivarium pack"
                  : Files.exists(path) ? ": not a file" : ": no such file"));
    }
    try {
      return ImageReader.open(path);
    } catch (IOException e) {
      throw Failure.usage("--root " + given + ": " + HostReason.of(e));
    }
  }

  private static GuestRoot furnished(Vfs.Builder builder, String what) {
    var vfs = builder.build();
    try {
      Sandbox.furnish(vfs);
    } catch (ErrnoException e) {
      throw Failure.usage(
          what + ": a guest needs directories named /etc and /tmp: " + HostReason.of(e));
    }
    return new GuestRoot(vfs);
  }

  /** Who {@code --user} names. */
  Accounts.Account account(String user) {
    try {
      return Accounts.of(vfs).find(user);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--user " + e.getMessage());
    } catch (ErrnoException e) {
      throw Failure.usage("--user " + user + ": the guest's /etc/passwd: " + HostReason.of(e));
    }
  }

  /**
   * Makes a directory, if it is not there.
   *
   * @param what names it in messages
   */
  void makeDirectory(String path, String what) {
    try {
      vfs.makeDirectories(path);
    } catch (ErrnoException e) {
      throw Failure.usage(what + " " + path + ": " + HostReason.of(e));
    }
  }

  /** Makes an empty file, and what it is in, if it is not there. */
  void makeFile(String path, String what) {
    try {
      vfs.makeFile(path);
    } catch (ErrnoException e) {
      throw Failure.usage(what + " " + path + ": " + HostReason.of(e));
    }
  }

  boolean has(String path) {
    try {
      vfs.stat(vfs.superuser(), vfs.root(), path.getBytes(UTF_8), true);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  Snapshot snapshot() {
    return vfs.snapshot();
  }
}
