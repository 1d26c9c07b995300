package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is in a mapped directory now, as the host tells it at each call; somebody outside may change
 * it at any time. Guarded by the lock of the tree.
 */
final class HostDirectoryView {
  private static final int LISTINGS = 4;

  private final long device;
  private final HostDirectoryStreams streams;
  private final HostDirectoryNames names;
  private final HostDirectoryKeys keys;
  private final HostDirectoryNodes nodes = new HostDirectoryNodes();
  private final HostDirectoryNode root;
  private final Path self;
  private final Map<Long, HostDirectoryListing> listings = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param directory the mapped directory's path, for messages
   * @throws IOException if its files have no modes or no numbers; the message is for people
   */
  HostDirectoryView(long device, Path directory, HostDirectoryStreams streams) throws IOException {
    this.device = device;
    this.streams = streams;
    this.names = new HostDirectoryNames(directory.getFileSystem());
    this.self = directory.getFileSystem().getPath(".");
    var view = streams.root().getFileAttributeView(PosixFileAttributeView.class);
    if (view == null) {
      throw new IOException(directory + " cannot be mapped: its filesystem has no modes");
    }
    var attributes = view.readAttributes();
    this.keys = HostDirectoryKeys.of(directory, attributes.fileKey());
    long ino = keys.number(attributes.fileKey());
    this.root =
        new HostDirectoryNode(
            attributes.fileKey(), HostDirectoryAttributes.stat(device, ino, attributes));
    nodes.put(root);
    nodes.pin(ino);
  }

  HostDirectoryNode root() {
    return root;
  }

  HostDirectoryNodes nodes() {
    return nodes;
  }

  /** The host's name for a guest's name. */
  Path hostName(byte[] name) throws ErrnoException {
    return names.toHost(name);
  }

  /** The guest's name for a host's name. */
  byte[] guestName(Path name) {
    return names.toGuest(name);
  }

  /** The entry of a directory; null if there is none. */
  HostDirectoryNode find(HostDirectoryNode directory, byte[] name)
      throws IOException, ErrnoException {
    var hostName = names.toHost(name);
    var attributes = HostDirectoryStreams.attributes(streams.open(directory), hostName);
    if (attributes == null) {
      return null;
    }
    long ino = keys.number(attributes.fileKey());
    var stat = HostDirectoryAttributes.stat(device, ino, attributes);
    var node = nodes.get(ino);
    if (node == null || node.type() != stat.type() || !node.key().equals(attributes.fileKey())) {
      node = new HostDirectoryNode(attributes.fileKey(), stat);
      nodes.put(node);
    }
    if (node.isDirectory()) {
      requireRoomBelow(directory, node);
    }
    node.seenAt(directory, name, hostName);
    node.seenAs(stat);
    return node;
  }

  /**
   * The entry of a directory.
   *
   * @throws ErrnoException ENOENT
   */
  HostDirectoryNode require(HostDirectoryNode directory, byte[] name)
      throws IOException, ErrnoException {
    var node = find(directory, name);
    if (node == null) {
      throw Errno.ENOENT.exception();
    }
    return node;
  }

  /** Looks at an inode again; whether it is still where it was. */
  boolean look(HostDirectoryNode node) throws IOException, ErrnoException {
    PosixFileAttributes attributes;
    if (node == root) {
      attributes =
          streams.root().getFileAttributeView(PosixFileAttributeView.class).readAttributes();
    } else if (node.parent() == null) {
      return false;
    } else {
      attributes = HostDirectoryStreams.attributes(streams.open(node.parent()), node.hostName());
    }
    if (attributes == null
        || !node.key().equals(attributes.fileKey())
        || HostDirectoryAttributes.type(attributes) != node.type()) {
      return false;
    }
    node.seenAs(HostDirectoryAttributes.stat(device, node.ino(), attributes));
    return true;
  }

  /** All about an inode; as it was last seen, and without names, if it is no longer there. */
  Stat stat(HostDirectoryNode node) throws IOException, ErrnoException {
    try {
      if (look(node)) {
        return node.lastSeen();
      }
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    return HostDirectoryAttributes.withoutNames(node.lastSeen(), node.lastSeen().size());
  }

  /** As {@link FileSystem#readDirectory}. */
  void list(HostDirectoryNode directory, long cookie, DirectoryVisitor visitor)
      throws IOException, ErrnoException {
    var stream = streams.open(directory);
    var parent = directory == root ? root : directory.parent();
    if (cookie < 1 && !visitor.entry(1, directory.ino(), FileType.DIRECTORY, new byte[] {'.'})) {
      return;
    }
    if (cookie < 2 && !visitor.entry(2, parent.ino(), FileType.DIRECTORY, new byte[] {'.', '.'})) {
      return;
    }
    long from = Math.max(cookie, HostDirectoryListing.DOTS);
    // A part is kept for the calls that go on with it; who begins sees what is there now.
    var part = cookie <= HostDirectoryListing.DOTS ? null : listings.get(directory.ino());
    while (true) {
      if (part == null || !part.covers(from)) {
        part = readListing(directory, stream, from);
      }
      if (!visit(stream, part, from, visitor) || part.isLast()) {
        return;
      }
      from = part.to();
    }
  }

  private HostDirectoryListing readListing(
      HostDirectoryNode directory, SecureDirectoryStream<Path> stream, long from)
      throws IOException {
    var part = HostDirectoryListing.read(stream, self, names, from);
    listings.put(directory.ino(), part);
    if (listings.size() > LISTINGS) {
      var eldest = listings.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
    return part;
  }

  private boolean visit(
      SecureDirectoryStream<Path> stream,
      HostDirectoryListing part,
      long from,
      DirectoryVisitor visitor)
      throws IOException {
    for (var entry : part.after(from)) {
      var attributes = HostDirectoryStreams.attributes(stream, entry.hostName());
      if (attributes != null
          && !visitor.entry(
              entry.cookie(),
              keys.number(attributes.fileKey()),
              HostDirectoryAttributes.type(attributes),
              entry.name())) {
        return false;
      }
    }
    return true;
  }

  /** An inode has lost its name. */
  void forget(HostDirectoryNode node) {
    streams.forget(node);
    listings.remove(node.ino());
    nodes.remove(node);
  }

  /**
   * Requires that a directory can have another one below it.
   *
   * @throws ErrnoException ENAMETOOLONG if it is too deep; ELOOP if it is below the other: somebody
   *     outside may have moved a directory below one that is known to be below it
   */
  static void requireRoomBelow(HostDirectoryNode directory, HostDirectoryNode below)
      throws ErrnoException {
    int depth = 0;
    for (var at = directory; at != null; at = at.parent()) {
      if (at == below) {
        throw Errno.ELOOP.exception();
      }
      if (++depth > HostDirectoryStreams.DEPTH_MAX) {
        throw Errno.ENAMETOOLONG.exception();
      }
    }
  }
}
