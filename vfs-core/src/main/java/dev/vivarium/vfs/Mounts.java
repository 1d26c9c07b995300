package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.CoveredEntry;
import dev.vivarium.vfs.mount.FileSystem;
import dev.vivarium.vfs.mount.HostDirectory;
import dev.vivarium.vfs.mount.HostFile;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.MemoryFileSystem;
import dev.vivarium.vfs.mount.MemoryLimits;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.mount.MountTable;
import dev.vivarium.vfs.mount.PathFileSystem;
import dev.vivarium.vfs.open.Device;
import dev.vivarium.vfs.open.LockTable;
import dev.vivarium.vfs.open.OpenFiles;
import dev.vivarium.vfs.path.Lookup;
import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.MountOptions;
import dev.vivarium.vfs.tree.Ledger;
import dev.vivarium.vfs.tree.PathEpoch;
import dev.vivarium.vfs.tree.Tree;
import dev.vivarium.vfs.tree.TreeState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * What is mounted in a {@link Vfs}, and where: {@code mount(2)} and {@code umount(2)}, for the host
 * alone. A mount goes over an existing directory, and hides what is in it until it is unmounted;
 * one of a single file goes over a file. No snapshot has what is in a mount.
 *
 * <p>Every mount fails so, in this order: EINVAL for an option that the kind of filesystem does not
 * have; as path resolution; ENOTDIR.
 */
public final class Mounts {
  private final Vfs vfs;
  private final Object lock;
  private final PathEpoch pathEpoch = new PathEpoch();
  private final InstantSource clock;
  private final AccessTimes accessTimes;
  private final Quota quota;
  private final MemoryLimits limits;
  private final OpenFiles pipes;
  private final Ledger ledger;
  private final Tree tree;
  private final Map<Long, Device> devices = new HashMap<>();
  private final MountTable table;

  Mounts(Vfs vfs, Vfs.Builder settings, Object lock, OpenFiles pipes) {
    this.vfs = vfs;
    this.lock = lock;
    this.clock = settings.clock;
    this.accessTimes = settings.accessTimes;
    this.quota = settings.quota;
    this.pipes = pipes;
    limits = new MemoryLimits(quota.directoryEntries(), quota.depth(), quota.xattrBytes());
    ledger = ledger(MountOptions.DEFAULT);
    tree = new Tree(stateOf(settings.base), ledger, clock, accessTimes, lock, pathEpoch);
    table =
        new MountTable(
            lock,
            pathEpoch,
            new LockTable(quota.locks()),
            new Root(),
            MountOptions.DEFAULT.withAccessTimes(accessTimes));
  }

  /**
   * Makes the root's driver. A lambda would be the first of a JVM that opens a box, and so bring
   * all that makes them.
   */
  private final class Root implements LongFunction<FileSystem> {
    @Override
    public FileSystem apply(long device) {
      return new MemoryFileSystem(tree, device, limits, devices, pipes);
    }
  }

  private static TreeState stateOf(Snapshot snapshot) {
    return snapshot == null ? null : snapshot.state();
  }

  private Ledger ledger(MountOptions options) {
    boolean sameBytes = options.bytes() == MountOptions.AS_QUOTA;
    boolean sameInodes = options.inodes() == MountOptions.AS_QUOTA;
    return new Ledger(
        sameBytes ? quota.bytes() : options.bytes(),
        sameInodes ? quota.inodes() : options.inodes(),
        quota.userBytes(),
        quota.userInodes());
  }

  /** The tree of the root filesystem. */
  Tree tree() {
    return tree;
  }

  MountTable table() {
    return table;
  }

  /** All mounts, the root first, in the order of mounting. */
  public List<Mount> list() {
    return table.mounts();
  }

  /**
   * Mounts an empty filesystem in memory, with limits of its own: a {@code tmpfs}, whose root
   * everybody may write to and nobody remove others' files from.
   */
  public void memory(String path, MountOptions options) throws ErrnoException {
    memory(path, null, options);
  }

  /**
   * Mounts a fork of a snapshot, with limits of its own; it pays for what it changes. Read-only, it
   * is an image.
   */
  public void snapshot(String path, Snapshot snapshot, MountOptions options) throws ErrnoException {
    memory(path, snapshot.state(), options);
  }

  private void memory(String path, TreeState base, MountOptions options) throws ErrnoException {
    driver(
        path,
        device -> {
          var memory = new Tree(base, ledger(options), clock, noted(options), lock, pathEpoch);
          if (base == null) {
            memory.changeMode(Tree.ROOT, 01777);
          }
          return new MemoryFileSystem(memory, device, limits, devices, pipes);
        },
        options);
  }

  /**
   * Mounts a directory of the host: the only way to one. The guest sees what is below it, and
   * cannot leave it, whatever links there are and whoever changes it meanwhile. All of it belongs
   * to root, with the host's permission bits; symbolic links can be neither followed nor made, hard
   * links not be made, and modes, owners and times only as far as the platform can. It has no
   * limits, and no choice of access times.
   *
   * @param directory a directory of the host, or a symbolic link to one
   * @throws IOException if {@code directory} is not there, or is somewhere that it cannot be
   *     confined to; the message is for people
   */
  public void hostDirectory(String path, Path directory, MountOptions options)
      throws ErrnoException, IOException {
    requireNoneOfMemory(options);
    synchronized (lock) {
      var where = directory(path);
      boolean readOnly = options.readOnly();
      table.mount(
          where, HostDirectory.open(lock, clock, table.newDevice(), directory, readOnly), options);
    }
  }

  /**
   * Mounts a single file of the host over one name of a file, which has to be there: as {@link
   * #hostDirectory} shows it, and nothing else of the directory that it is in. The mount is of that
   * file, whatever its name comes to mean: what replaces it is not seen, and opening it is ENOENT
   * from then on.
   *
   * @param path of anything but a directory (EISDIR)
   * @param file a regular file of the host, or a symbolic link to one
   * @throws IOException as for {@link #hostDirectory}
   */
  public void hostFile(String path, Path file, MountOptions options)
      throws ErrnoException, IOException {
    requireNoneOfMemory(options);
    synchronized (lock) {
      var found = lookUp(path);
      if (found.node().isDirectory()) {
        throw Errno.EISDIR.exception();
      }
      var where = found.location();
      boolean named = found.last() == Lookup.Last.NAME && !where.equals(where.mount().root());
      var entry = named ? new CoveredEntry(found.directory().ino(), found.name()) : null;
      boolean readOnly = options.readOnly();
      table.mount(
          where, entry, HostFile.open(lock, clock, table.newDevice(), file, readOnly), options);
    }
  }

  /**
   * Mounts a directory of any {@code java.nio.file} provider, such as a zip file's. Unlike {@link
   * #hostDirectory} it follows symbolic links, each as the guest's own, and needs no secure
   * directory streams; so nobody may be able to change the tree who would lead a guest out of it.
   * Everything belongs to root; it can be changed as far as the provider can. It has no limits, and
   * no choice of access times.
   *
   * @param tree a directory; its filesystem stays open as long as this
   * @throws IOException if {@code tree} is not there, or is no directory
   */
  public void tree(String path, Path tree, MountOptions options)
      throws ErrnoException, IOException {
    requireNoneOfMemory(options);
    synchronized (lock) {
      var where = directory(path);
      table.mount(where, PathFileSystem.open(lock, clock, table.newDevice(), tree), options);
    }
  }

  /**
   * Mounts what {@code /dev} is: the given devices and {@code tty}, {@code fd}, {@code stdin},
   * {@code stdout} and {@code stderr} as links to what {@code /proc/self/fd} has, and {@code shm},
   * a directory for everybody. What is made in it counts as the root filesystem's. From then on the
   * devices stand behind every node of the tree that has their numbers, also when this is
   * unmounted.
   *
   * @param nodes by name; a name's insertion order is its place in the listing. Without one of the
   *     name {@code tty} there is no controlling terminal: ENXIO
   */
  public void devices(String path, Map<String, Device> nodes) throws ErrnoException {
    synchronized (lock) {
      var where = directory(path);
      var state = DeviceNodes.make(nodes, devices, clock, lock);
      var made = new Tree(state, ledger, clock, accessTimes, lock, pathEpoch);
      table.mount(
          where,
          new MemoryFileSystem(made, table.newDevice(), limits, devices, pipes),
          MountOptions.DEFAULT.withNoSuid(true).withAccessTimes(accessTimes));
    }
  }

  /**
   * Mounts a directory over itself, with options of its own: {@code mount --bind}. It is seen as it
   * was, changes count as those of the filesystem that it is in, and are in its snapshots; but when
   * the mount that it is in becomes read-only, this does not. It has no limits of its own, and no
   * choice of access times.
   *
   * @param path of a directory; EBUSY for the root, which paths lead to without crossing a mount;
   *     EACCES to make writable what is in a directory of the host that was not opened so
   */
  public void bind(String path, MountOptions options) throws ErrnoException {
    requireNoneOfMemory(options);
    synchronized (lock) {
      var where = directory(path);
      if (where.equals(vfs.root())) {
        throw Errno.EBUSY.exception();
      }
      if (!options.readOnly() && where.mount().fileSystem().isReadOnly()) {
        throw Errno.EACCES.exception();
      }
      table.mount(where, where.mount().fileSystem(), options);
    }
  }

  /**
   * Mounts a filesystem of another kind.
   *
   * @param driver makes it, given its {@code st_dev}
   */
  public void driver(String path, LongFunction<? extends FileSystem> driver, MountOptions options)
      throws ErrnoException {
    synchronized (lock) {
      var where = directory(path);
      table.mount(where, driver.apply(table.newDevice()), options);
    }
  }

  /**
   * {@code umount(2)}: the directory is what it was before. Errors, in checking order:
   *
   * <ol>
   *   <li>as path resolution
   *   <li>EINVAL if nothing is mounted there
   *   <li>EBUSY for the root; while anything in it is open, or the root or the working directory of
   *       a process; or another mount is below it
   * </ol>
   */
  public void unmount(String path) throws ErrnoException {
    synchronized (lock) {
      table.unmount(mountAt(path));
    }
  }

  /**
   * Gives back what the mounts hold of the host, such as its open directories, when nobody is to
   * use them any more. They stay where they are, and all else of the tree stays as it is; what is
   * asked of a directory or file of the host from then on is EIO. Who has a file of the host open
   * closes it.
   */
  public void releaseHost() {
    synchronized (lock) {
      table.mounts().forEach(mount -> mount.fileSystem().releaseHost());
    }
  }

  /**
   * {@code mount(2)} with MS_REMOUNT: mounts it anew where it is, with what is in it and open. A
   * limit that is not given stays. Source: Linux. Errors, in checking order:
   *
   * <ol>
   *   <li>as path resolution
   *   <li>EINVAL if nothing is mounted there, or for an option that the kind of filesystem does not
   *       have
   *   <li>EBUSY to make read-only what has files that are open for writing, or, anywhere in its
   *       filesystem, open without a name; EACCES to make writable a directory of the host that was
   *       not opened so
   *   <li>EINVAL for a limit below what is used
   * </ol>
   */
  public void remount(String path, MountOptions options) throws ErrnoException {
    synchronized (lock) {
      var mount = mountAt(path);
      var fileSystem = mount.fileSystem();
      if (mount.isBind() || !(fileSystem instanceof MemoryFileSystem memory)) {
        requireNoneOfMemory(options);
        requireChangeable(mount, options, false);
        mount.remount(options);
        return;
      }
      var paidBy = memory.tree().ledger();
      boolean limits =
          options.bytes() != MountOptions.AS_QUOTA || options.inodes() != MountOptions.AS_QUOTA;
      if (limits && paidBy == ledger && memory.tree() != tree) {
        throw Errno.EINVAL.exception();
      }
      requireChangeable(mount, options, !memory.tree().nameless().isEmpty());
      long bytes = given(options.bytes(), paidBy.byteLimit());
      long inodes = given(options.inodes(), paidBy.inodeLimit());
      paidBy.limit(bytes, inodes);
      memory.tree().setAccessTimes(noted(options));
      var old = mount.options();
      mount.remount(
          options
              .withBytes(given(options.bytes(), old.bytes()))
              .withInodes(given(options.inodes(), old.inodes())));
    }
  }

  private static long given(long limit, long otherwise) {
    return limit == MountOptions.AS_QUOTA ? otherwise : limit;
  }

  /** What cannot be changed cannot note that it was read either. */
  private static AccessTimes noted(MountOptions options) {
    return options.readOnly() ? AccessTimes.NONE : options.accessTimes();
  }

  private static void requireChangeable(Mount mount, MountOptions options, boolean nameless)
      throws ErrnoException {
    if (options.readOnly() && !mount.readOnly() && (mount.isWritten() || nameless)) {
      throw Errno.EBUSY.exception();
    }
    if (!options.readOnly() && mount.fileSystem().isReadOnly()) {
      throw Errno.EACCES.exception();
    }
  }

  private Mount mountAt(String path) throws ErrnoException {
    var place = lookUp(path).location();
    if (!place.equals(place.mount().root())) {
      throw Errno.EINVAL.exception();
    }
    return place.mount();
  }

  private Lookup lookUp(String path) throws ErrnoException {
    return vfs.lookUp(path.getBytes(StandardCharsets.UTF_8));
  }

  private Location directory(String path) throws ErrnoException {
    return vfs.directory(vfs.superuser(), vfs.root(), path.getBytes(StandardCharsets.UTF_8));
  }

  private static void requireNoneOfMemory(MountOptions options) throws ErrnoException {
    if (options.bytes() != MountOptions.AS_QUOTA
        || options.inodes() != MountOptions.AS_QUOTA
        || options.accessTimes() != AccessTimes.RELATIVE) {
      throw Errno.EINVAL.exception();
    }
  }
}
