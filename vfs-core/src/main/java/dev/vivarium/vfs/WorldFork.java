package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.LocatedDescription;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.mount.MountedNode;
import dev.vivarium.vfs.open.DescriptorTable;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.OpenFiles;
import dev.vivarium.vfs.open.RegularFileDescription;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.tree.Inode;
import dev.vivarium.vfs.tree.Tree;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A fork of a filesystem that processes go on in with what they have open, and offsets of their
 * own: what is read in one world moves nothing in the other. Who wants the offsets shared stays in
 * the same world: {@link DescriptorTable#fork}.
 *
 * <p>What is no file or directory of the root filesystem, such as a pipe, a standard stream, a
 * device or what is mounted, lies outside of the fork and is shared with it, as {@code fork(2)}
 * does. Locks stay with the original. A file without a name is there as long as it is open, and
 * gets none. Processes that run meanwhile may move on between the fork and the copy of their
 * descriptors.
 */
public final class WorldFork {
  private final Mount originalRoot;
  private final Map<Long, Inode> nameless;
  private final Vfs vfs;
  private final Tree tree;
  private final OpenFiles openFiles;

  /**
   * @param nameless what was open without a name when the fork was made; no longer changed
   */
  WorldFork(
      Mount originalRoot, Map<Long, Inode> nameless, Vfs vfs, Tree tree, OpenFiles openFiles) {
    this.originalRoot = originalRoot;
    this.nameless = nameless;
    this.vfs = vfs;
    this.tree = tree;
    this.openFiles = openFiles;
  }

  /** The filesystem of the fork. Nothing is mounted on it. */
  public Vfs vfs() {
    return vfs;
  }

  /**
   * The descriptors of processes in the fork, in the same order. Those that shared a description
   * share a copy of it. A descriptor of a file that was made after the fork is not open in it.
   *
   * @throws ErrnoException ENFILE, and nothing is left open
   */
  public List<DescriptorTable> descriptors(List<DescriptorTable> originals) throws ErrnoException {
    var copies = new IdentityHashMap<FileDescription, FileDescription>();
    var tables = new ArrayList<DescriptorTable>();
    boolean done = false;
    try {
      for (var original : originals) {
        var table = original.fork();
        tables.add(table);
        table.replaceAll(description -> copy(description, copies));
      }
      done = true;
      return tables;
    } finally {
      // Each table has references of its own.
      copies.values().forEach(FileDescription::release);
      if (!done) {
        tables.forEach(DescriptorTable::closeAll);
      }
    }
  }

  /** Who a process is in the fork, and where: at the root if it was where the fork has nothing. */
  public FsContext context(FsContext original) {
    var context = new FsContext(original.credentials(), vfs.root(), original.pid());
    context.setUmask(original.umask());
    context.setRoot(place(original.root()));
    context.setWorkingDirectory(place(original.workingDirectory()));
    return context;
  }

  private Location place(Location original) {
    boolean isIn = isOfRoot(original.mount()) && isDirectory(original.ino());
    return isIn ? new Location(vfs.root().mount(), original.ino()) : vfs.root();
  }

  /** Whether it shows the root filesystem, as what is mounted over itself in it does too. */
  private boolean isOfRoot(Mount mount) {
    return mount != null && mount.fileSystem() == originalRoot.fileSystem();
  }

  private boolean isDirectory(long ino) {
    synchronized (tree.lock()) {
      var inode = tree.get(ino);
      return inode != null && inode.isDirectory();
    }
  }

  private FileDescription copy(
      FileDescription original, Map<FileDescription, FileDescription> copies)
      throws ErrnoException {
    var copy = copies.get(original);
    if (copy == null) {
      copy = copy(original);
      if (copy == null) {
        return null;
      }
      copies.put(original, copy);
    }
    copy.retain();
    return copy;
  }

  /** A description of its own, or the same once more; null if the fork does not have the file. */
  private FileDescription copy(FileDescription original) throws ErrnoException {
    boolean copied =
        original instanceof RegularFileDescription || original instanceof LocatedDescription;
    if (!copied || !(original.place() instanceof MountedNode at) || !isOfRoot(at.mount())) {
      original.retain();
      return original;
    }
    long ino = original.stat().ino();
    openFiles.acquire();
    FileDescription copy = null;
    try {
      synchronized (tree.lock()) {
        if (tree.get(ino) != null) {
          tree.pin(ino);
        } else if (nameless.containsKey(ino)) {
          tree.adopt(nameless.get(ino));
        } else {
          return null;
        }
        try {
          copy =
              original instanceof RegularFileDescription file
                  ? file.in(tree)
                  : ((LocatedDescription) original).in(vfs.root().mount());
        } finally {
          tree.unpin(ino);
        }
      }
      boolean written = copy.type() == FileType.REGULAR && copy.writable();
      copy.openedAt(new MountedNode(vfs.root().mount(), ino, at.opener(), written));
      copy.countedBy(openFiles);
      return copy;
    } finally {
      if (copy == null) {
        openFiles.release();
      }
    }
  }
}
