package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What may be in a tree, but in no layer: a symbolic link whose text climbs above the root, which
 * no host unpacks that unpacks onto a disk, and a name that says in a layer what is removed.
 */
public final class Unpackable {
  private final Vfs vfs;
  private final FsContext root;
  private final Consumer<String> leftOut;

  private Unpackable(Snapshot tree, Consumer<String> leftOut) {
    var clock = InstantSource.fixed(Instant.EPOCH);
    this.vfs = Vfs.builder().base(tree).quota(Quota.UNLIMITED).clock(clock).build();
    this.root = vfs.superuser();
    this.leftOut = leftOut;
  }

  /**
   * Why a file can be in no layer; empty if it can be.
   *
   * @param path an absolute path
   * @param link the text of a symbolic link; null for all else
   */
  public static Optional<String> why(byte[] path, byte[] link) {
    var names = MemberPath.split(path);
    if (names.isEmpty()) {
      return Optional.empty();
    }
    if (LayerReader.startsWith(names.getLast(), LayerReader.WHITEOUT)) {
      return Optional.of("in a layer its name marks what is removed");
    }
    return link != null && MemberPath.climbs(names.size(), link)
        ? Optional.of("its target is outside of the box: " + new String(link, UTF_8))
        : Optional.empty();
  }

  /**
   * A tree without what of it could be in no layer over another.
   *
   * @param base what the layer is to be put over
   * @param leftOut told what is left out and why, a line each
   */
  public static Snapshot without(Snapshot base, Snapshot tree, Consumer<String> leftOut)
      throws IOException {
    var unpackable = new Unpackable(tree, leftOut);
    try {
      var found = unpackable.in(tree.diff(base));
      // What is in a directory before that.
      for (int i = found.size(); --i >= 0; ) {
        unpackable.leaveOut(found.get(i));
      }
      return found.isEmpty() ? tree : unpackable.vfs.snapshot();
    } catch (ErrnoException e) {
      throw new IOException("the tree cannot be read: " + e.getMessage(), e);
    }
  }

  private List<byte[]> in(List<Change> changes) throws ErrnoException {
    var found = new ArrayList<byte[]>();
    for (var change : changes) {
      if (change.kind() != Change.Kind.REMOVED) {
        var pending = new ArrayDeque<byte[]>();
        pending.push(change.path());
        while (!pending.isEmpty()) {
          byte[] path = pending.pop();
          var type = vfs.stat(root, vfs.root(), path, false).type();
          var link = type == FileType.SYMLINK ? vfs.readLink(root, vfs.root(), path) : null;
          if (why(path, link).isPresent()) {
            found.add(path);
          } else if (type == FileType.DIRECTORY && change.kind() == Change.Kind.RENAMED) {
            // What is in a directory that has moved is no change of its own.
            names(path).forEach(name -> pending.push(LayerWriter.joined(path, name)));
          }
        }
      }
    }
    return found;
  }

  private void leaveOut(byte[] path) throws ErrnoException {
    byte[] parent = Arrays.copyOf(path, Math.max(1, LayerWriter.lastSlash(path)));
    var before = vfs.stat(root, vfs.root(), parent, false);
    var stat = vfs.stat(root, vfs.root(), path, false);
    var link = stat.type() == FileType.SYMLINK ? vfs.readLink(root, vfs.root(), path) : null;
    leftOut.accept(new String(path, UTF_8) + " is left out: " + why(path, link).orElseThrow());
    remove(path);
    vfs.setTimes(
        root,
        vfs.root(),
        parent,
        TimeChange.at(before.atime()),
        TimeChange.at(before.mtime()),
        false);
  }

  /** With all that is in it. */
  private void remove(byte[] top) throws ErrnoException {
    var pending = new ArrayDeque<byte[]>();
    pending.push(top);
    while (!pending.isEmpty()) {
      byte[] path = pending.peek();
      if (!vfs.stat(root, vfs.root(), path, false).isDirectory()) {
        vfs.unlink(root, vfs.root(), path);
        pending.pop();
        continue;
      }
      var names = names(path);
      if (names.isEmpty()) {
        vfs.removeDirectory(root, vfs.root(), path);
        pending.pop();
      }
      names.forEach(name -> pending.push(LayerWriter.joined(path, name)));
    }
  }

  private List<byte[]> names(byte[] directory) throws ErrnoException {
    return new Listing(vfs).names(vfs.directory(root, vfs.root(), directory));
  }
}
