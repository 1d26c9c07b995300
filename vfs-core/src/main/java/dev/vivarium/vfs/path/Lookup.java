package dev.vivarium.vfs.path;

import dev.vivarium.vfs.mount.FileSystem;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Node;
import java.util.Arrays;

/**
 * What a path means: what is there, or that nothing is, and in which directory. Filled by {@link
 * PathWalker}; used again for the next walk, so it is good until the call that asked is over.
 */
public final class Lookup {
  /** What a path ends with. */
  public enum Last {
    /** A name. */
    NAME,
    DOT,
    DOT_DOT,
    /** Nothing but slashes: the root; or, where links are followed, a link that is no path. */
    ROOT
  }

  private Mount mount;
  private Node directory;
  private Node node;
  private Last last;
  byte[] path;
  int nameOffset;
  int nameLength;
  boolean trailingSlash;

  // To store a reference in an object that lives for long costs more than to compare it, since the
  // garbage collector has to be told; and most of them are the same at the next walk.

  void setMount(Mount found) {
    if (mount != found) {
      mount = found;
    }
  }

  void setDirectory(Node found) {
    if (directory != found) {
      directory = found;
    }
  }

  void setNode(Node found) {
    if (node != found) {
      node = found;
    }
  }

  void setName(Last kind, byte[] text, int offset, int length) {
    setLast(kind);
    if (path != text) {
      path = text;
    }
    nameOffset = offset;
    nameLength = length;
  }

  void setLast(Last kind) {
    if (last != kind) {
      last = kind;
    }
  }

  /** The mount of {@link #node()}, or of the directory where it would be. */
  public Mount mount() {
    return mount;
  }

  public FileSystem fileSystem() {
    return mount.fileSystem();
  }

  /** The directory that has, or could have, the last name; only after a walk to the parent. */
  public Node directory() {
    return directory;
  }

  /** What is there, or null. */
  public Node node() {
    return node;
  }

  /** What is there, as a place. */
  public Location location() {
    return new Location(mount, node.ino());
  }

  public Last last() {
    return last;
  }

  /** Whether the last name has a slash behind it, and so can only be a directory. */
  public boolean trailingSlash() {
    return trailingSlash;
  }

  /** The last name: a copy. */
  public byte[] name() {
    return Arrays.copyOfRange(path, nameOffset, nameOffset + nameLength);
  }

  /**
   * Whether the last name is a symbolic link's. One that a link of {@code /proc} leads to, without
   * a name, is the end of the way.
   */
  public boolean endsWithLink() {
    return node.isSymlink() && last == Last.NAME;
  }

  /** After a walk to an entry: whether something is mounted on it. */
  public boolean isMountPoint() {
    return mount.mayCover(node)
        && mount.mountedOn(node, directory, path, nameOffset, nameLength) != null;
  }

  /**
   * Requires that something is there.
   *
   * @throws ErrnoException ENOENT
   */
  public Lookup requirePresent() throws ErrnoException {
    if (node == null) {
      throw Errno.ENOENT.exception();
    }
    return this;
  }

  /**
   * Requires that what is there is a directory.
   *
   * @throws ErrnoException ENOTDIR
   */
  public Lookup requireDirectory() throws ErrnoException {
    if (!node.isDirectory()) {
      throw Errno.ENOTDIR.exception();
    }
    return this;
  }

  /**
   * Requires that the mount may be changed.
   *
   * @throws ErrnoException EROFS
   */
  public Lookup requireWritable() throws ErrnoException {
    mount.requireWritable();
    return this;
  }
}
