package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.Sandbox;
import dev.vivarium.image.oci.Unpackable;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Copies files from one tree into another, as COPY does. */
final class TreeCopy {
  private final Vfs to;
  private final FsContext root;
  private final Credentials owner;
  private final ModeChange mode;
  private final IgnoreFile excluded;
  private final Consumer<String> warnings;

  /** Something to be copied, and its path below the source, for what excludes it. */
  private record Pending(byte[] source, byte[] target, String relative) {}

  /**
   * A copy of any number of sources.
   *
   * @param owner of all that is made
   * @param mode what becomes of the modes that all had at the source
   * @param excluded paths below each source that are left out
   */
  TreeCopy(
      Vfs to, Credentials owner, ModeChange mode, IgnoreFile excluded, Consumer<String> warnings) {
    this.to = to;
    this.root = to.superuser();
    root.setUmask(0);
    this.owner = owner;
    this.mode = mode;
    this.excluded = excluded;
    this.warnings = warnings;
  }

  /** For directories alone. */
  TreeCopy(Vfs to, Credentials owner) {
    this(to, owner, ModeChange.NONE, IgnoreFile.EMPTY, warning -> {});
  }

  /**
   * Makes a directory, and those on the way to it; what is there stays as it is, and so does what
   * every guest finds there.
   */
  void makeDirectories(String path) throws ErrnoException {
    var made = new StringBuilder();
    for (var name : path.split("/")) {
      if (!name.isEmpty()) {
        made.append('/').append(name);
        Sandbox.furnish(to, made.toString());
        byte[] directory = made.toString().getBytes(UTF_8);
        try {
          to.makeDirectory(root, to.root(), directory, 0755);
          to.changeOwner(root, to.root(), directory, owner.uid(), owner.gid(), false);
        } catch (ErrnoException e) {
          if (e.errno() != Errno.EEXIST) {
            throw e;
          }
          // Fine if it is a directory, or a link to one; else ENOTDIR, or what is wrong with it.
          to.directory(root, to.root(), directory);
        }
      }
    }
  }

  /** Copies what is in a directory into another, which is there. */
  void copyContent(TreeReader from, String source, String target) throws ErrnoException {
    var pending = new ArrayDeque<Pending>();
    addAll(from, new Pending(source.getBytes(UTF_8), target.getBytes(UTF_8), ""), pending);
    copy(from, pending);
  }

  /** Copies a file, following a link to it, to a path. */
  void copyFile(TreeReader from, String source, String target) throws ErrnoException {
    byte[] path = source.getBytes(UTF_8);
    var stat = from.stat(path, true).orElseThrow(Errno.ENOENT::exception);
    copyRegular(from, path, target.getBytes(UTF_8), stat);
  }

  private void copy(TreeReader from, ArrayDeque<Pending> pending) throws ErrnoException {
    var firstNames = new HashMap<Long, byte[]>();
    while (!pending.isEmpty()) {
      var next = pending.pop();
      var stat = from.stat(next.source, false).orElseThrow(Errno.ENOENT::exception);
      byte[] link = stat.type() == FileType.SYMLINK ? from.readLink(next.source) : null;
      var obstacle = Unpackable.why(next.target, link);
      if (obstacle.isPresent()) {
        leaveOut(next, obstacle.get());
        continue;
      }
      switch (stat.type()) {
        case DIRECTORY -> {
          makeDirectory(next.target, stat);
          addAll(from, next, pending);
        }
        case REGULAR -> {
          byte[] first = firstName(stat, next.target, firstNames);
          if (first == null) {
            copyRegular(from, next.source, next.target, stat);
          } else {
            makeRoom(next.target);
            to.link(root, to.root(), first, false, to.root(), next.target);
          }
        }
        case SYMLINK -> {
          makeRoom(next.target);
          to.symlink(root, link, to.root(), next.target);
          to.changeOwner(root, to.root(), next.target, owner.uid(), owner.gid(), false);
        }
        default -> leaveOut(next, "a box holds no " + stat.type());
      }
    }
  }

  private void leaveOut(Pending file, String why) {
    warnings.accept(new String(file.source, UTF_8) + " is left out: " + why);
  }

  /** The name under which a file has been met before, or null, whereupon this is the first. */
  private static byte[] firstName(Stat file, byte[] name, Map<Long, byte[]> firstNames) {
    return file.nlink() > 1 ? firstNames.putIfAbsent(file.ino(), name) : null;
  }

  private void addAll(TreeReader from, Pending directory, ArrayDeque<Pending> pending)
      throws ErrnoException {
    for (byte[] name : from.names(directory.source)) {
      var text = new String(name, UTF_8);
      var relative = directory.relative.isEmpty() ? text : directory.relative + "/" + text;
      if (!excluded.excludes(relative)) {
        pending.push(
            new Pending(child(directory.source, name), child(directory.target, name), relative));
      }
    }
  }

  private static byte[] child(byte[] directory, byte[] name) {
    // The root's path has its slash already.
    int length = directory.length == 1 ? 0 : directory.length;
    byte[] path = Arrays.copyOf(directory, length + 1 + name.length);
    path[length] = '/';
    System.arraycopy(name, 0, path, length + 1, name.length);
    return path;
  }

  private void makeDirectory(byte[] target, Stat stat) throws ErrnoException {
    Sandbox.furnish(to, new String(target, UTF_8));
    if (!isDirectory(target)) {
      makeRoom(target);
      to.makeDirectory(root, to.root(), target, 0700);
      finish(target, stat);
    }
  }

  private void copyRegular(TreeReader from, byte[] source, byte[] target, Stat stat)
      throws ErrnoException {
    makeRoom(target);
    int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
    var file = to.open(root, to.root(), target, flags, 0600);
    try {
      from.cloneTo(source, file);
    } finally {
      file.release();
    }
    finish(target, stat);
  }

  private void finish(byte[] target, Stat stat) throws ErrnoException {
    to.changeOwner(root, to.root(), target, owner.uid(), owner.gid(), false);
    int permissions = mode.applyTo(stat.mode() & FileMode.ALL, stat.isDirectory());
    to.changeMode(root, to.root(), target, permissions, true);
  }

  /** Removes what is in the way; a directory that is not empty stays, and is. */
  private void makeRoom(byte[] target) throws ErrnoException {
    try {
      var stat = to.stat(root, to.root(), target, false);
      if (stat.type() == FileType.DIRECTORY) {
        throw Errno.EISDIR.exception();
      }
      to.unlink(root, to.root(), target);
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  private boolean isDirectory(byte[] path) throws ErrnoException {
    try {
      return to.stat(root, to.root(), path, false).type() == FileType.DIRECTORY;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /** Adds to a digest all that a copy of a source depends on. */
  static void digest(TreeReader tree, String source, IgnoreFile excluded, MessageDigest digest)
      throws IOException, ErrnoException {
    var pending = new ArrayDeque<Pending>();
    pending.push(new Pending(source.getBytes(UTF_8), new byte[0], ""));
    var firstNames = new HashMap<Long, byte[]>();
    boolean top = true;
    while (!pending.isEmpty()) {
      var next = pending.pop();
      var stat = tree.stat(next.source, top).orElseThrow(Errno.ENOENT::exception);
      top = false;
      byte[] name = next.relative.getBytes(UTF_8);
      add(digest, name);
      digest.update(ByteBuffer.allocate(12).putInt(stat.mode()).putLong(stat.size()).flip());
      if (stat.type() == FileType.SYMLINK) {
        add(digest, tree.readLink(next.source));
      } else if (stat.type() == FileType.REGULAR) {
        digest.update(tree.digest(next.source, stat));
        byte[] first = firstName(stat, name, firstNames);
        add(digest, first == null ? new byte[0] : first);
      } else if (stat.type() == FileType.DIRECTORY) {
        for (byte[] child : tree.names(next.source)) {
          var text = new String(child, UTF_8);
          var relative = next.relative.isEmpty() ? text : next.relative + "/" + text;
          if (!excluded.excludes(relative)) {
            pending.push(new Pending(child(next.source, child), next.target, relative));
          }
        }
      }
    }
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
    digest.update(bytes);
  }
}
