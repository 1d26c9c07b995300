package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.HostReason;
import dev.vivarium.image.SparseContent;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.image.ContentFile;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the archives of layers over one another, as the image specification has it.
 *
 * <p>A member whose name begins with {@code .wh.} hides what a lower layer has, wherever it stands
 * among the members of its own. Directories are merged; anything else takes the place of what is
 * there. A parent that is a symbolic link of a lower layer is followed, inside the tree, and what
 * it leads to is made if it is not there, as containerd does.
 *
 * <p>What no box has is refused, by name: absolute members and those with {@code ..}, a member
 * twice, links that lead out of the root, a member below a symbolic link of the same archive,
 * devices unless allowed, more than the limits. Whoever asked has no tree then.
 */
final class LayerReader {
  static final byte[] WHITEOUT = ".wh.".getBytes(UTF_8);
  static final byte[] OPAQUE = ".wh..wh..opq".getBytes(UTF_8);
  private static final byte[] RESERVED = ".wh..wh.".getBytes(UTF_8);
  private static final byte[] SELF = {'.'};
  private static final int MOST_LINKS = 40;
  private static final String USER_XATTR = "user.";

  private final Limits limits;
  private final RestoredClock clock = new RestoredClock();
  private final Vfs vfs;
  private final FsContext root;
  private final Concealment concealment;
  private final SparseContent content;
  private final Set<Place> made = new HashSet<>();
  private final Set<Place> links = new HashSet<>();
  private final Map<Location, Long> directoryTimes = new HashMap<>();
  private long members;
  private String firstWhiteout;

  /** A name in a directory. */
  record Place(Location directory, ByteBuffer name) {
    static Place of(Location directory, byte[] name) {
      return new Place(directory, ByteBuffer.wrap(name));
    }
  }

  /**
   * @param base what the first layer is put over; null for an empty root
   */
  LayerReader(Snapshot base, Limits limits) {
    this(base, limits, null);
  }

  /**
   * @param contents gets the contents of files; null for the heap
   */
  LayerReader(Snapshot base, Limits limits, ContentFile contents) {
    this.limits = limits;
    this.content = new SparseContent(contents);
    var builder = Vfs.builder().quota(limits.quota()).clock(clock);
    this.vfs = (base == null ? builder : builder.base(base)).build();
    this.root = vfs.superuser();
    root.setUmask(0);
    this.concealment = new Concealment(vfs, made::contains);
    if (base == null) {
      directoryTimes.put(vfs.root(), 0L);
    }
  }

  /**
   * The tree that layers of a store make.
   *
   * @param contents gets the contents of its files; null for the heap
   * @throws BoxFormatException if one is refused, or damaged
   */
  static Snapshot read(Store store, List<Layer> layers, ContentFile contents) throws IOException {
    var reader = new LayerReader(null, store.limits(), contents);
    for (var layer : layers) {
      try (var in = store.read(layer)) {
        reader.apply(in);
        in.verify();
      } catch (BoxFormatException e) {
        discard(contents);
        throw store.blobs().refused(layer, e);
      }
    }
    return reader.snapshot();
  }

  /** Frees the room of what was refused. */
  static void discard(ContentFile contents) {
    if (contents != null) {
      contents.discard();
    }
  }

  Snapshot snapshot() {
    return vfs.snapshot();
  }

  /** The first member that has marked what is removed, if one has. */
  Optional<String> firstWhiteout() {
    return Optional.ofNullable(firstWhiteout);
  }

  /**
   * Puts one archive over what there is, and reads the stream to its end.
   *
   * @throws BoxFormatException if it is refused; this is of no more use then
   * @throws FileSystemException if the JVM's heap has no room for it
   */
  void apply(InputStream archive) throws IOException {
    made.clear();
    links.clear();
    var tar = new TarReader(archive);
    for (TarEntry entry; (entry = tar.next()) != null; ) {
      if (++members > limits.members()) {
        throw new BoxFormatException("there are more than " + limits.members() + " members");
      }
      try {
        apply(entry, tar);
      } catch (ErrnoException e) {
        throw e.errno() == Errno.ENOSPC ? noRoom(entry) : refused(entry, e.getMessage());
      }
    }
    tar.drain();
    restoreDirectoryTimes();
  }

  private void apply(TarEntry entry, TarReader tar) throws IOException, ErrnoException {
    var path = MemberPath.of(entry);
    if (path.isRoot()) {
      if (entry.kind() != TarEntry.DIRECTORY) {
        throw refused(entry, "the root is a directory");
      }
      if (!made.add(Place.of(vfs.root(), SELF))) {
        throw refused(entry, "it is there twice");
      }
      describe(entry, vfs.root(), SELF);
      directoryTimes.put(vfs.root(), entry.mtime());
      return;
    }
    var parent = parent(entry, path);
    byte[] name = path.last();
    if (startsWith(name, WHITEOUT)) {
      hide(entry, parent, name);
      firstWhiteout = firstWhiteout == null ? entry.text() : firstWhiteout;
    } else if (made.add(Place.of(parent, name))) {
      make(entry, tar, path, parent);
    } else {
      throw refused(entry, "it is there twice");
    }
  }

  /** The directory that a member is in; what of it is not there is made, also behind a link. */
  private Location parent(TarEntry entry, MemberPath path) throws IOException, ErrnoException {
    var directory = vfs.root();
    var names = new ArrayDeque<>(path.parents());
    for (int followed = 0; !names.isEmpty(); ) {
      byte[] name = names.pop();
      if (links.contains(Place.of(directory, name))) {
        throw refused(entry, "it is below a symbolic link of the same archive");
      }
      try {
        directory = vfs.directory(root, directory, name);
      } catch (ErrnoException e) {
        if (e.errno() != Errno.ENOENT) {
          throw e;
        }
        if (stat(directory, name) == FileType.SYMLINK) {
          if (++followed > MOST_LINKS) {
            throw refused(entry, "it is below more than " + MOST_LINKS + " symbolic links");
          }
          byte[] target = vfs.readLink(root, directory, name);
          directory = target[0] == '/' ? vfs.root() : directory;
          MemberPath.split(target).descendingIterator().forEachRemaining(names::push);
          continue;
        }
        touch(directory);
        clock.set(0);
        vfs.makeDirectory(root, directory, name, 0755);
        directory = vfs.directory(root, directory, name);
        directoryTimes.put(directory, 0L);
      }
    }
    touch(directory);
    return directory;
  }

  /** Notes the time of a directory before its entries change. */
  private void touch(Location directory) throws ErrnoException {
    if (!directoryTimes.containsKey(directory)) {
      directoryTimes.put(directory, vfs.stat(root, directory, SELF, false).mtime());
    }
  }

  private void hide(TarEntry entry, Location parent, byte[] name)
      throws IOException, ErrnoException {
    if (Arrays.equals(name, OPAQUE)) {
      concealment.hideEntries(parent);
    } else if (!startsWith(name, RESERVED)) {
      byte[] hidden = Arrays.copyOfRange(name, WHITEOUT.length, name.length);
      if (hidden.length == 0 || MemberPath.isDots(hidden)) {
        throw refused(entry, "it hides nothing that can be there");
      }
      concealment.hide(parent, hidden);
    }
  }

  private void make(TarEntry entry, TarReader tar, MemberPath path, Location parent)
      throws IOException, ErrnoException {
    byte[] name = path.last();
    var there = stat(parent, name);
    boolean merged = there == FileType.DIRECTORY && entry.kind() == TarEntry.DIRECTORY;
    if (there != null && !merged) {
      concealment.remove(parent, name);
    }
    switch (entry.kind()) {
      case TarEntry.DIRECTORY -> {
        if (!merged) {
          vfs.makeDirectory(root, parent, name, 0700);
        }
        describe(entry, parent, name);
        directoryTimes.put(vfs.directory(root, parent, name), entry.mtime());
      }
      case TarEntry.REGULAR -> {
        int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
        var file = vfs.open(root, parent, name, flags, 0600);
        try {
          content.copy(tar.content(), file);
        } finally {
          file.release();
        }
        describe(entry, parent, name);
      }
      case TarEntry.SYMLINK -> {
        path.checkTarget(entry);
        clock.set(entry.mtime());
        vfs.symlink(root, entry.link(), parent, name);
        vfs.changeOwner(root, parent, name, entry.uid(), entry.gid(), false);
        setTimes(parent, name, entry.mtime());
        links.add(Place.of(parent, name));
      }
      case TarEntry.HARD_LINK -> link(entry, parent, name);
      case TarEntry.FIFO -> makeNode(entry, FileType.FIFO, parent, name);
      case TarEntry.CHARACTER_DEVICE -> makeDevice(entry, FileType.CHARACTER_DEVICE, parent, name);
      case TarEntry.BLOCK_DEVICE -> makeDevice(entry, FileType.BLOCK_DEVICE, parent, name);
      default ->
          throw refused(entry, "it is of the kind '" + entry.kind() + "', which no layer has");
    }
  }

  private void link(TarEntry entry, Location parent, byte[] name)
      throws IOException, ErrnoException {
    var target = MemberPath.ofLink(entry);
    var directory = vfs.root();
    for (byte[] component : target.parents()) {
      if (links.contains(Place.of(directory, component))) {
        throw refused(entry, "its file is below a symbolic link of the same archive");
      }
      directory = vfs.directory(root, directory, component);
    }
    byte[] file = target.last();
    Stat stat = vfs.stat(root, directory, file, false);
    if (stat.type() == FileType.DIRECTORY) {
      throw refused(entry, "it is another name of a directory");
    }
    vfs.link(root, directory, file, false, parent, name);
    setTimes(parent, name, stat.mtime());
    if (stat.type() == FileType.SYMLINK) {
      links.add(Place.of(parent, name));
    }
  }

  private void makeDevice(TarEntry entry, FileType type, Location parent, byte[] name)
      throws IOException, ErrnoException {
    if (!limits.devices()) {
      throw refused(entry, "it is a device node, which is not allowed");
    }
    makeNode(entry, type, parent, name);
  }

  private void makeNode(TarEntry entry, FileType type, Location parent, byte[] name)
      throws ErrnoException {
    vfs.makeNode(root, parent, name, type.bits() | 0600, entry.device());
    describe(entry, parent, name);
  }

  /** Owner, mode, attributes and times of all but symbolic links. */
  private void describe(TarEntry entry, Location at, byte[] name) throws ErrnoException {
    var type = vfs.stat(root, at, name, false).type();
    if (type == FileType.REGULAR || type == FileType.DIRECTORY) {
      for (var xattr : entry.xattrs().entrySet()) {
        // Other namespaces say what a kernel does with the file; there is none here.
        if (xattr.getKey().startsWith(USER_XATTR)) {
          byte[] key = xattr.getKey().getBytes(ISO_8859_1);
          vfs.setXattr(root, at, name, key, xattr.getValue(), 0, false);
        }
      }
    }
    vfs.changeOwner(root, at, name, entry.uid(), entry.gid(), false);
    // After the owner, whose change takes the set-id bits away.
    vfs.changeMode(root, at, name, entry.mode(), true);
    setTimes(at, name, entry.mtime());
  }

  private void setTimes(Location at, byte[] name, long mtime) throws ErrnoException {
    clock.set(mtime);
    vfs.setTimes(root, at, name, TimeChange.at(mtime), TimeChange.at(mtime), false);
  }

  private void restoreDirectoryTimes() throws IOException {
    for (var time : directoryTimes.entrySet()) {
      try {
        setTimes(time.getKey(), SELF, time.getValue());
      } catch (ErrnoException e) {
        if (e.errno() != Errno.ENOENT) {
          throw new BoxFormatException("a directory cannot be restored: " + e.getMessage());
        }
        // It has been hidden since.
      }
    }
    directoryTimes.clear();
  }

  /** A member breaks the limits; or the JVM's heap, which may have less room. */
  private IOException noRoom(TarEntry entry) throws IOException {
    long wanted = entry.size() + entry.link().length;
    for (byte[] value : entry.xattrs().values()) {
      wanted += value.length;
    }
    try {
      var room = vfs.statFileSystem(root, vfs.root(), SELF);
      return room.freeInodes() == 0 || room.freeBlocks() <= wanted / room.blockSize() + 1
          ? refused(entry, "there is no room for it within " + limits.room())
          : new FileSystemException(entry.text(), null, HostReason.noMemory());
    } catch (ErrnoException e) {
      return refused(entry, e.getMessage());
    }
  }

  /** What is there; null for nothing. */
  private FileType stat(Location parent, byte[] name) throws ErrnoException {
    try {
      return vfs.stat(root, parent, name, false).type();
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }

  static boolean startsWith(byte[] name, byte[] prefix) {
    return name.length >= prefix.length
        && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
  }

  static BoxFormatException refused(TarEntry entry, String why) {
    return new BoxFormatException("member '" + entry.text() + "' is refused: " + why);
  }
}
