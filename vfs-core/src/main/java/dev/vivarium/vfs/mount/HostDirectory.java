package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.DirectoryVisitor;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A directory of the host, and what is below it, as a filesystem that cannot be left: every step is
 * made from an open directory, by one name, without following a symbolic link, so that neither a
 * link nor somebody who exchanges files meanwhile leads out of it.
 *
 * <p>What the guest sees of it:
 *
 * <ul>
 *   <li>Everything belongs to root. The permission bits are the host's, and the host has the last
 *       word: EACCES comes from it as well. New files get what the host's umask leaves of their
 *       mode; set-id bits and the sticky bit do not exist (EPERM), nor do owners (EPERM).
 *   <li>Inode numbers are the host's, so that they are those of the entries and outlive a restart.
 *       Files on another filesystem of the host, mounted further below, get numbers made from both.
 *       Of a file's names one is counted, and its time of change is that of its content.
 *   <li>Symbolic links are there and can be moved and removed; reading and following them is
 *       EOPNOTSUPP. New ones are EPERM: what a guest says in them, programs of the host would
 *       follow. Hard links are EOPNOTSUPP.
 *   <li>What is no file, directory or symbolic link is seen as a socket: opening it is ENXIO.
 *   <li>There are 512 levels; a directory further down is ENAMETOOLONG.
 *   <li>Where the host offers no safe place to make it in, a new directory is EPERM.
 * </ul>
 *
 * <p>Who can write to the directory from outside can still make a guest wait, by exchanging a file
 * for a FIFO at the moment of opening; there is no way around that in the platform.
 */
public final class HostDirectory implements FileSystem {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Object lock;
  private final InstantSource clock;
  private final long device;
  private final boolean readOnly;
  private final FileStore store;
  private final HostDirectoryStreams streams;
  private final HostDirectoryStaging staging;
  private final HostDirectoryView view;

  // What createFile has opened, for the open that follows: its mode may forbid opening it again.
  private HostDirectoryNode createdNode;
  private FileChannel createdChannel;

  private boolean released;

  private HostDirectory(
      Object lock,
      InstantSource clock,
      long device,
      boolean readOnly,
      Path directory,
      SecureDirectoryStream<Path> stream)
      throws IOException {
    this.lock = lock;
    this.clock = clock;
    this.device = device;
    this.readOnly = readOnly;
    this.store = storeOf(directory);
    this.streams = new HostDirectoryStreams(stream);
    this.staging = readOnly ? null : new HostDirectoryStaging(directory);
    this.view = new HostDirectoryView(device, directory, streams);
  }

  /**
   * Opens a directory of the host.
   *
   * @param lock the lock of the tree that it is mounted in
   * @param clock for times that are set to the present
   * @throws IOException if there is no such directory, or it cannot be confined; the message is for
   *     people
   */
  @SuppressWarnings("StreamResourceLeak") // It is the mount's from then on.
  public static HostDirectory open(
      Object lock, InstantSource clock, long device, Path directory, boolean readOnly)
      throws IOException {
    Path real;
    DirectoryStream<Path> stream;
    try {
      real = directory.toRealPath();
      stream = Files.newDirectoryStream(real);
    } catch (IOException e) {
      String why = HostDirectoryErrors.errno(e).description();
      throw new IOException(directory + " cannot be mapped: " + why, e);
    }
    try {
      if (!(stream instanceof SecureDirectoryStream<Path> secure)) {
        throw new IOException(
            directory
                + " cannot be mapped: this platform has no secure directory streams, without which"
                + " a guest could be led out of it");
      }
      var opened = new HostDirectory(lock, clock, device, readOnly, real, secure);
      // Nothing may refer to the filesystem here, or it would never be unreachable.
      CLEANER.register(opened, opened.streams::close);
      return opened;
    } catch (IOException | RuntimeException e) {
      HostDirectoryStreams.closeQuietly(stream);
      throw e;
    }
  }

  @Override
  public boolean isReadOnly() {
    return readOnly;
  }

  @Override
  public String type() {
    return "hostfs";
  }

  @Override
  public long device() {
    return device;
  }

  @Override
  public Node root() {
    return view.root();
  }

  @Override
  public Node node(long ino) {
    return view.nodes().get(ino);
  }

  @Override
  public Node lookup(Node directory, byte[] path, int offset, int length) throws ErrnoException {
    byte[] name = Arrays.copyOfRange(path, offset, offset + length);
    return call(() -> view.find((HostDirectoryNode) directory, name));
  }

  /** What has a name of the host's in the directory itself; null if nothing has. */
  Node child(Path name) throws ErrnoException {
    return call(() -> view.find(view.root(), view.guestName(name)));
  }

  @Override
  public Node parent(Node directory) throws ErrnoException {
    return call(
        () -> {
          var node = (HostDirectoryNode) directory;
          var parent = node == view.root() ? node : node.parent();
          if (parent != null) {
            view.look(parent);
          }
          return parent;
        });
  }

  @Override
  public boolean isRemoved(Node directory) {
    return directory != view.root() && ((HostDirectoryNode) directory).parent() == null;
  }

  @Override
  public byte[] nameOf(Node directory) throws ErrnoException {
    return call(
        () -> {
          var node = (HostDirectoryNode) directory;
          return node != view.root() && view.look(node) ? node.name().clone() : null;
        });
  }

  @Override
  public Stat stat(Node node) throws ErrnoException {
    return call(() -> view.stat((HostDirectoryNode) node));
  }

  @Override
  public byte[] readLink(Node symlink, Caller caller) throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
  }

  @Override
  public void readDirectory(Node directory, long cookie, DirectoryVisitor visitor)
      throws ErrnoException {
    call(
        () -> {
          view.list((HostDirectoryNode) directory, cookie, visitor);
          return null;
        });
  }

  @Override
  public FileDescription open(Node node, int flags, Credentials who) throws ErrnoException {
    var file = (HostDirectoryNode) node;
    var created = file == createdNode ? createdChannel : null;
    if (created != null) {
      createdNode = null;
      createdChannel = null;
      return new HostDirectoryFile(this, file, created, flags);
    }
    return call(
        () -> {
          boolean truncate = (flags & OpenFlags.O_TRUNC) != 0;
          if (truncate || OpenFlags.writable(flags)) {
            requireWritable();
          }
          var channel = openChannel(file, options(flags));
          try {
            if (truncate) {
              channel.truncate(0);
            }
          } catch (IOException e) {
            HostDirectoryStreams.closeQuietly(channel);
            throw e;
          }
          return new HostDirectoryFile(this, file, channel, flags);
        });
  }

  @Override
  public Node createFile(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    return call(
        () -> {
          requireWritable();
          var parent = (HostDirectoryNode) directory;
          var stream = streams.open(parent);
          var options =
              Set.of(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  LinkOption.NOFOLLOW_LINKS);
          var channel =
              stream.newByteChannel(
                  view.hostName(name), options, HostDirectoryAttributes.initial(mode));
          if (!(channel instanceof FileChannel file)) {
            HostDirectoryStreams.closeQuietly(channel);
            throw Errno.EIO.exception();
          }
          createdChannel = file;
          createdNode = view.require(parent, name);
          return createdNode;
        });
  }

  @Override
  public Node makeDirectory(Node directory, byte[] name, int mode, int uid, int gid)
      throws ErrnoException {
    return call(
        () -> {
          requireWritable();
          var parent = (HostDirectoryNode) directory;
          HostDirectoryView.requireRoomBelow(parent, null);
          var stream = streams.open(parent);
          // Moving would replace a directory that has come meanwhile.
          if (HostDirectoryStreams.attributes(stream, view.hostName(name)) != null) {
            throw Errno.EEXIST.exception();
          }
          if (!staging.makeDirectory(
              stream, view.hostName(name), HostDirectoryAttributes.initial(mode))) {
            throw Errno.EPERM.exception();
          }
          return view.require(parent, name);
        });
  }

  @Override
  public Node symlink(Node directory, byte[] name, byte[] target, int uid, int gid)
      throws ErrnoException {
    requireWritable();
    throw Errno.EPERM.exception();
  }

  @Override
  public void link(Node node, Node directory, byte[] name) throws ErrnoException {
    requireWritable();
    throw Errno.EOPNOTSUPP.exception();
  }

  @Override
  public void unlink(Node directory, byte[] name) throws ErrnoException {
    call(
        () -> {
          requireWritable();
          var parent = (HostDirectoryNode) directory;
          var node = view.require(parent, name);
          streams.open(parent).deleteFile(view.hostName(name));
          view.forget(node);
          return null;
        });
  }

  @Override
  public void removeDirectory(Node directory, byte[] name) throws ErrnoException {
    call(
        () -> {
          requireWritable();
          var parent = (HostDirectoryNode) directory;
          var node = view.require(parent, name);
          streams.open(parent).deleteDirectory(view.hostName(name));
          view.forget(node);
          return null;
        });
  }

  @Override
  public void rename(Node fromDirectory, byte[] from, Node toDirectory, byte[] to)
      throws ErrnoException {
    call(
        () -> {
          requireWritable();
          var source = (HostDirectoryNode) fromDirectory;
          var target = (HostDirectoryNode) toDirectory;
          var moved = view.require(source, from);
          var replaced = view.find(target, to);
          var hostName = view.hostName(to);
          try {
            streams.open(source).move(moved.hostName(), streams.open(target), hostName);
          } catch (FileAlreadyExistsException e) {
            throw (moved.isDirectory() ? Errno.ENOTEMPTY : Errno.EEXIST).exception();
          }
          if (replaced != null) {
            view.forget(replaced);
          }
          moved.seenAt(target, to, hostName);
          return null;
        });
  }

  @Override
  public void changeMode(Node node, int mode) throws ErrnoException {
    call(
        () -> {
          requireWritable();
          if ((mode & ~FileMode.PERMISSIONS) != 0) {
            throw Errno.EPERM.exception();
          }
          changeable((HostDirectoryNode) node)
              .setPermissions(HostDirectoryAttributes.permissions(mode));
          return null;
        });
  }

  @Override
  public void changeOwner(Node node, int uid, int gid, int mode) throws ErrnoException {
    requireWritable();
    if ((uid != -1 && uid != 0) || (gid != -1 && gid != 0)) {
      throw Errno.EPERM.exception();
    }
  }

  @Override
  public void setTimes(Node node, TimeChange access, TimeChange modification)
      throws ErrnoException {
    call(
        () -> {
          requireWritable();
          var now = FileTime.from(clock.instant());
          changeable((HostDirectoryNode) node)
              .setTimes(time(modification, now), time(access, now), null);
          return null;
        });
  }

  @Override
  public void truncate(Node file, long size, Credentials who) throws ErrnoException {
    call(
        () -> {
          requireWritable();
          var options = options(OpenFlags.O_WRONLY);
          try (var channel = openChannel((HostDirectoryNode) file, options)) {
            HostDirectoryFile.resize(channel, size);
          }
          return null;
        });
  }

  /** The figures' source; null in a root directory whose mounts the platform cannot find. */
  private static FileStore storeOf(Path directory) {
    try {
      return Files.getFileStore(directory);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public FileSystemStat statFileSystem() throws ErrnoException {
    if (store == null) {
      throw Errno.ENOSYS.exception();
    }
    return call(
        () ->
            new FileSystemStat(
                Stat.BLOCK_SIZE,
                store.getTotalSpace() / Stat.BLOCK_SIZE,
                store.getUsableSpace() / Stat.BLOCK_SIZE,
                // The platform does not tell; like filesystems that have no limit.
                0,
                0,
                readOnly || store.isReadOnly() ? FileSystemStat.ST_RDONLY : 0));
  }

  /** The platform writes single files at once, but no filesystem. */
  @Override
  public void sync() throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
  }

  @Override
  public void unmounted() {
    releaseHost();
  }

  @Override
  public void releaseHost() {
    released = true;
    closeCreated();
    streams.close();
  }

  @Override
  public void pin(long ino) {
    view.nodes().pin(ino);
  }

  @Override
  public void unpin(long ino) {
    view.nodes().unpin(ino);
  }

  /** {@code fstat(2)} of an open file, whatever has become of its name. */
  Stat statOpen(HostDirectoryNode node, FileChannel channel) throws ErrnoException {
    synchronized (lock) {
      return call(
          () -> {
            var stat = view.stat(node);
            return stat.nlink() > 0
                ? stat
                : HostDirectoryAttributes.withoutNames(stat, channel.size());
          });
    }
  }

  /** {@code futimens(2)} of an open file; EOPNOTSUPP once its name is gone. */
  void setTimesOpen(
      HostDirectoryNode node, Credentials who, TimeChange access, TimeChange modification)
      throws ErrnoException {
    synchronized (lock) {
      requireWritable();
      AccessCheck.requireSetTimes(who, node, access, modification);
      setTimes(node, access, modification);
    }
  }

  // ---- below: within call -------------------------------------------------------------------

  /** One call of the driver: what the last one left open is closed. */
  private <T> T call(HostDirectoryErrors.Call<T> call) throws ErrnoException {
    if (released) {
      throw Errno.EIO.exception();
    }
    closeCreated();
    streams.trim();
    return HostDirectoryErrors.call(call);
  }

  private void closeCreated() {
    if (createdChannel != null) {
      HostDirectoryStreams.closeQuietly(createdChannel);
      createdChannel = null;
      createdNode = null;
    }
  }

  private FileChannel openChannel(HostDirectoryNode file, Set<OpenOption> options)
      throws IOException, ErrnoException {
    // Only regular files are opened: a FIFO would wait for its other side.
    if (!view.look(file)) {
      throw Errno.ENOENT.exception();
    }
    if (!file.isRegular()) {
      throw Errno.ENXIO.exception();
    }
    var channel = streams.open(file.parent()).newByteChannel(file.hostName(), options);
    if (channel instanceof FileChannel fileChannel) {
      return fileChannel;
    }
    HostDirectoryStreams.closeQuietly(channel);
    throw Errno.EIO.exception();
  }

  /** The view of a file or directory that changes it; the platform opens it for that. */
  private PosixFileAttributeView changeable(HostDirectoryNode node)
      throws IOException, ErrnoException {
    if (!(node.isRegular() || node.isDirectory()) || !view.look(node)) {
      throw Errno.EOPNOTSUPP.exception();
    }
    if (node == view.root()) {
      return streams.root().getFileAttributeView(PosixFileAttributeView.class);
    }
    return streams
        .open(node.parent())
        .getFileAttributeView(
            node.hostName(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  private void requireWritable() throws ErrnoException {
    if (readOnly) {
      throw Errno.EROFS.exception();
    }
  }

  private static Set<OpenOption> options(int flags) {
    var options = new HashSet<OpenOption>();
    options.add(LinkOption.NOFOLLOW_LINKS);
    if (OpenFlags.readable(flags)) {
      options.add(StandardOpenOption.READ);
    }
    if (OpenFlags.writable(flags) || (flags & OpenFlags.O_TRUNC) != 0) {
      options.add(StandardOpenOption.WRITE);
    }
    if ((flags & OpenFlags.O_SYNC) == OpenFlags.O_SYNC) {
      options.add(StandardOpenOption.SYNC);
    } else if ((flags & OpenFlags.O_DSYNC) != 0) {
      options.add(StandardOpenOption.DSYNC);
    }
    return options;
  }

  private static FileTime time(TimeChange change, FileTime now) {
    return switch (change.kind()) {
      case SET -> FileTime.from(change.nanos(), TimeUnit.NANOSECONDS);
      case NOW -> now;
      case OMIT -> null;
    };
  }
}
