package dev.vivarium.image.oci;

import dev.vivarium.image.oci.LayerReader.Place;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.util.ArrayDeque;
import java.util.function.Predicate;

/** Takes away what lower layers have, and leaves what the present one has made. */
final class Concealment {
  private final Vfs vfs;
  private final FsContext root;
  private final Predicate<Place> isMade;

  /** A directory whose entries are still to be looked at, or, the second time, itself. */
  private record Step(Location parent, byte[] name, boolean entered) {}

  Concealment(Vfs vfs, Predicate<Place> isMade) {
    this.vfs = vfs;
    this.root = vfs.superuser();
    this.isMade = isMade;
  }

  /** Hides a name, if there is one. */
  void hide(Location parent, byte[] name) throws ErrnoException {
    var steps = new ArrayDeque<Step>();
    steps.push(new Step(parent, name, false));
    hideAll(steps);
  }

  /** Hides everything in a directory, and leaves it. */
  void hideEntries(Location directory) throws ErrnoException {
    var steps = new ArrayDeque<Step>();
    pushEntries(steps, directory);
    hideAll(steps);
  }

  /**
   * Takes away what has a name, for another to take its place.
   *
   * @throws ErrnoException ENOTEMPTY if the present layer has put something into it
   */
  void remove(Location parent, byte[] name) throws ErrnoException {
    if (typeOf(parent, name) == FileType.DIRECTORY) {
      hideEntries(vfs.directory(root, parent, name));
      vfs.removeDirectory(root, parent, name);
    } else {
      vfs.unlink(root, parent, name);
    }
  }

  /** From the deepest up; a directory with something of the present layer's in it stays. */
  private void hideAll(ArrayDeque<Step> steps) throws ErrnoException {
    while (!steps.isEmpty()) {
      var step = steps.pop();
      var type = typeOf(step.parent, step.name);
      boolean made = isMade.test(Place.of(step.parent, step.name));
      if (type == FileType.DIRECTORY && !step.entered) {
        steps.push(new Step(step.parent, step.name, true));
        pushEntries(steps, vfs.directory(root, step.parent, step.name));
      } else if (type == FileType.DIRECTORY && !made) {
        try {
          vfs.removeDirectory(root, step.parent, step.name);
        } catch (ErrnoException e) {
          if (e.errno() != Errno.ENOTEMPTY) {
            throw e;
          }
        }
      } else if (type != null && type != FileType.DIRECTORY && !made) {
        vfs.unlink(root, step.parent, step.name);
      }
    }
  }

  private void pushEntries(ArrayDeque<Step> steps, Location directory) throws ErrnoException {
    for (byte[] name : new Listing(vfs).names(directory)) {
      steps.push(new Step(directory, name, false));
    }
  }

  private FileType typeOf(Location parent, byte[] name) throws ErrnoException {
    try {
      return vfs.stat(root, parent, name, false).type();
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }
}
