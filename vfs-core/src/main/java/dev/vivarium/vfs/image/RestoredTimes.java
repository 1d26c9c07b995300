package dev.vivarium.vfs.image;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.TimeChange;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The clock of a tree that is being restored. No call sets a time of change: it is what the clock
 * says at the last change, and so this clock says what the image has.
 */
final class RestoredTimes implements InstantSource {
  private static final long SECOND = 1_000_000_000L;

  private Instant now = Instant.EPOCH;

  @Override
  public Instant instant() {
    return now;
  }

  void restore(
      Vfs vfs, FsContext root, Location at, byte[] path, long atime, long mtime, long ctime)
      throws ErrnoException {
    now = Instant.ofEpochSecond(Math.floorDiv(ctime, SECOND), Math.floorMod(ctime, SECOND));
    vfs.setTimes(root, at, path, TimeChange.at(atime), TimeChange.at(mtime), false);
  }
}
