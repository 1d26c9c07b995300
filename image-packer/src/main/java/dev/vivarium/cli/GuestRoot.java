package dev.vivarium.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.Map;

/**
 * The tree that a guest starts from, while it is being put together. What is in it is free of
 * limits.
 */
final class GuestRoot {
  private final Vfs vfs;

  private GuestRoot(Vfs vfs) {
    this.vfs = vfs;
  }

  /** An empty root. */
  static GuestRoot empty() {
    return new GuestRoot(Vfs.builder().quota(Quota.UNLIMITED).build());
  }

  /** Who {@code --user} names. */
  Accounts.Account account(String user) {
    try {
      return Accounts.of(vfs).find(user);
    } catch (ErrnoException e) {
      throw Failure.usage("--user " + user + ": the guest's /etc/passwd: " + e.getMessage());
    }
  }

  /**
   * Adds what one guest needs.
   *
   * @param files by absolute path, with the directories that they need
   * @param workingDirectory made if it is not there
   */
  void add(Map<String, byte[]> files, String workingDirectory) {
    try {
      for (var file : files.entrySet()) {
        vfs.write(file.getKey(), file.getValue());
      }
      vfs.makeDirectories(workingDirectory);
    } catch (ErrnoException e) {
      throw Failure.usage("--workdir " + workingDirectory + ": " + e.getMessage());
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
