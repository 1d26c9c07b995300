package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.TimeChange;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One filesystem's inodes: the table, what keeps those without a name, and their attributes. Their
 * names are changed by {@link Creation}, {@link Removal} and {@link Renaming}. Guarded by {@link
 * #lock()}.
 */
public final class Tree {
  /** The root directory's number. */
  public static final long ROOT = 1;

  private final Object lock;
  private final PathEpoch pathEpoch;
  private final InstantSource clock;
  private final Ledger ledger;
  private AccessTimes accessTimes;
  private final long firstEpoch;
  private final long firstIno;
  private final Lineage lineage;
  private final long baseEpoch;
  private InodeTable inodes;
  private Pins pins = new Pins();
  // Inodes without a name that are still pinned. Here rather than in the table, so that no state
  // that
  // is handed out has them.
  private Map<Long, Inode> orphans = new HashMap<>();
  // Those that never had a name, and may get one.
  private final Set<Long> linkable = new HashSet<>();
  private final Watches watches = new Watches();
  private long epoch;
  private long nextIno;

  /**
   * A tree that starts from a state, in constant time.
   *
   * @param base null for an empty root directory: root's, mode 0755
   * @param lock guards this tree
   * @param pathEpoch that of all trees with the same lock
   */
  public Tree(
      TreeState base,
      Ledger ledger,
      InstantSource clock,
      AccessTimes accessTimes,
      Object lock,
      PathEpoch pathEpoch) {
    this.accessTimes = accessTimes;
    this.lock = lock;
    this.pathEpoch = pathEpoch;
    this.clock = clock;
    this.ledger = ledger;
    this.firstEpoch = Epochs.next();
    this.epoch = Epochs.next();
    if (base == null) {
      this.inodes = new InodeTable(new Radix());
      this.nextIno = ROOT + 1;
      var root = new Directory(epoch, ROOT, 0755, 0, 0, now());
      root.setHome(ROOT, 0);
      inodes.reserve(ROOT, epoch);
      inodes.set(root);
    } else {
      this.inodes = new InodeTable(base.inodes().copy());
      this.nextIno = base.nextIno();
    }
    this.firstIno = nextIno;
    this.baseEpoch = base == null ? 0 : base.epoch();
    this.lineage = new Lineage(base == null ? null : base.lineage(), firstIno);
  }

  /** The present state, in constant time. Inodes without a name are not part of it. */
  public TreeState freeze() {
    // What has been made so far belongs to an epoch that is over, and so is never changed again.
    long last = epoch;
    epoch = Epochs.next();
    return new TreeState(inodes.copy(), nextIno, lineage, last);
  }

  /** Makes an inode stay as it is: what changes from now on is a copy of it. */
  public void seal(Inode inode) {
    if (inode.epoch() == epoch) {
      epoch = Epochs.next();
    }
  }

  /**
   * Becomes again what a state of this tree, or of one that it was forked from, says. What is
   * pinned and not in it is left without a name; what is pinned and in it is as it was.
   *
   * @throws IllegalArgumentException if it is a state of another tree
   * @throws ErrnoException ENOSPC, EDQUOT
   */
  public void rollBack(TreeState state) throws ErrnoException {
    if (!isPast(state)) {
      throw new IllegalArgumentException("a snapshot of another filesystem");
    }
    var target = new Rollback(this, state, inodes.copy(), pins, orphans);
    var restored = new InodeTable(state.inodes().copy());
    ledger.change(target.usage());
    // From here on nothing takes memory.
    inodes = restored;
    pins = target.pins();
    orphans = target.orphans();
    linkable.retainAll(orphans.keySet());
    pathsChanged();
    watches.replaced(state);
  }

  private boolean isPast(TreeState state) {
    return state.lineage() == lineage
        || (lineage.descendsFrom(state.lineage())
            && state.epoch() <= baseEpoch
            && state.nextIno() <= lineage.parting(state, nextIno));
  }

  /** Guards the tree and all that it hands out. */
  public Object lock() {
    return lock;
  }

  public Ledger ledger() {
    return ledger;
  }

  /** Chooses anew when reading notes the time of access. */
  public void setAccessTimes(AccessTimes choice) {
    accessTimes = choice;
  }

  /** The present, in nanoseconds since the epoch of the calendar. */
  public long now() {
    var instant = clock.instant();
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }

  long epoch() {
    return epoch;
  }

  /**
   * An epoch of this tree in which nothing was ever changed: of what it pays for and yet shares
   * with another tree.
   */
  long sharedEpoch() {
    return firstEpoch;
  }

  /** Whether something of an epoch was made by this tree, and not taken over with its base. */
  boolean isOwnEpoch(long candidate) {
    return candidate >= firstEpoch;
  }

  /** Whether an inode was made by this tree. */
  boolean isOwn(Inode inode) {
    return inode.ino() >= firstIno;
  }

  // ---- inodes -------------------------------------------------------------------------------

  /** The inode with a number, to look at, or null. */
  public Inode get(long ino) {
    var inode = inodes.get(ino);
    return inode == null && !orphans.isEmpty() ? orphans.get(ino) : inode;
  }

  /** The directory with a number, to look at. */
  public Directory directory(long ino) {
    return (Directory) get(ino);
  }

  /** The inode with a number, to be changed. */
  public Inode own(long ino) {
    var inode = get(ino);
    if (inode.epoch() == epoch) {
      return inode;
    }
    var copy = inode.copy(this);
    if (!orphans.isEmpty() && orphans.containsKey(ino)) {
      orphans.put(ino, copy);
    } else {
      inodes.reserve(ino, epoch);
      inodes.set(copy);
    }
    return copy;
  }

  /** The name of an inode that is known; null for the root, and for what has been removed. */
  public byte[] nameOf(Inode inode) {
    var home = get(inode.homeDirectory());
    var entry = home instanceof Directory directory ? directory.at(inode.homeCookie()) : null;
    return entry == null || entry.ino() != inode.ino() ? null : entry.name();
  }

  /** Keeps an inode, whatever becomes of its names, until {@link #unpin}. */
  public void pin(long ino) {
    pins.add(ino);
  }

  /** Ends a {@link #pin}; an inode without names is freed with the last one. */
  public void unpin(long ino) {
    long unpinned = ino;
    while (pins.remove(unpinned)) {
      var orphan = orphans.isEmpty() ? null : orphans.remove(unpinned);
      if (orphan == null) {
        return;
      }
      free(orphan);
      if (!(orphan instanceof Directory directory)) {
        return;
      }
      // Its .. is no longer needed either.
      unpinned = directory.parent();
    }
  }

  /** Whether an inode is kept, whatever becomes of its names. */
  public boolean isPinned(long ino) {
    return pins.contains(ino);
  }

  /** The inodes without a name; not changed any more once the tree has been {@link #freeze}d. */
  public Map<Long, Inode> nameless() {
    return new HashMap<>(orphans);
  }

  /**
   * Takes over an inode without a name of the tree that this one was forked from, free of charge,
   * and {@linkplain #pin pins} it. A directory's way up is the root.
   */
  public void adopt(Inode nameless) {
    var inode = nameless.withoutName(this);
    if (inode.isDirectory()) {
      inode.setHome(ROOT, 0);
      pin(ROOT);
    }
    orphans.put(inode.ino(), inode);
    pin(inode.ino());
  }

  // ---- for those that change names ----------------------------------------------------------

  /** The number of the next new inode. */
  long nextIno() {
    return nextIno;
  }

  Directory ownDirectory(long ino) {
    return (Directory) own(ino);
  }

  /** Makes sure that {@link #put} of an inode with this number needs no memory. */
  void reserve(long ino) {
    inodes.reserve(ino, epoch);
  }

  /** Takes in a new inode with the next number, which is {@linkplain #reserve reserved}. */
  void put(Inode inode) {
    inodes.set(inode);
    nextIno++;
  }

  /**
   * Takes in a new inode without a name, with the next number, and pins it. All or nothing.
   *
   * @param mayBeLinked whether it may get a name
   */
  void putUnnamed(Inode inode, boolean mayBeLinked) {
    long ino = inode.ino();
    boolean done = false;
    try {
      orphans.put(ino, inode);
      if (mayBeLinked) {
        linkable.add(ino);
      }
      pin(ino);
      nextIno++;
      done = true;
    } finally {
      if (!done) {
        orphans.remove(ino);
        linkable.remove(ino);
      }
    }
  }

  /** Whether an inode without a name may get one. */
  boolean mayBeLinked(long ino) {
    return linkable.contains(ino);
  }

  /** An inode that had no name gets one; its place is {@linkplain #reserve reserved}. */
  void putNamed(Inode inode) {
    inodes.set(inode);
    orphans.remove(inode.ino());
    linkable.remove(inode.ino());
  }

  /**
   * Puts an inode that is about to lose its last name, but is pinned, where it will be found. The
   * parent of a directory is pinned with it, for the sake of its {@code ..}.
   */
  void keepIfPinned(Inode inode) {
    boolean last = inode.isDirectory() || inode.nlink() == 1;
    if (last && isPinned(inode.ino())) {
      if (inode instanceof Directory directory) {
        pin(directory.parent());
      }
      boolean done = false;
      try {
        orphans.put(inode.ino(), inode);
        done = true;
      } finally {
        if (!done && inode instanceof Directory directory) {
          unpin(directory.parent());
        }
      }
    }
  }

  /** Takes {@link #keepIfPinned} back. */
  void noLongerKeep(Inode inode) {
    if (orphans.remove(inode.ino()) instanceof Directory directory) {
      unpin(directory.parent());
    }
  }

  /** An inode has lost its last name. */
  void remove(Inode inode) {
    inodes.clear(inode.ino());
    if (inode.isDirectory()) {
      watches.gone(inode.ino());
    }
    if (orphans.isEmpty() || !orphans.containsKey(inode.ino())) {
      free(inode);
    }
  }

  private void free(Inode inode) {
    ledger.credit(inode.uid(), inode.chargedBytes(this), chargedInodes(inode));
    if (!linkable.isEmpty()) {
      linkable.remove(inode.ino());
    }
  }

  /** What the ledger counts for an inode and its names. */
  long chargedInodes(Inode inode) {
    if (!isOwn(inode)) {
      return inode.adoptedNames(this);
    }
    return inode.isDirectory() ? 1 : Math.max(1, inode.nlink());
  }

  /** A directory has lost its name, or may be searched by others than before. */
  void pathsChanged() {
    pathEpoch.next();
  }

  // ---- attributes ---------------------------------------------------------------------------

  /** Sets the permission bits. */
  public void changeMode(long ino, int permissions) {
    setPermissions(own(ino), permissions, now());
    tellChange(ino);
  }

  /** Sets the permission bits where that is no change of its own: the time of change stays. */
  public void adjustMode(long ino, int permissions) {
    var inode = own(ino);
    setPermissions(inode, permissions, inode.ctime());
  }

  private void setPermissions(Inode inode, int permissions, long now) {
    inode.setPermissions(permissions, now);
    if (inode.isDirectory()) {
      pathsChanged();
    }
  }

  /**
   * Sets owner and group, -1 leaving one alone, and the permission bits.
   *
   * @throws ErrnoException EDQUOT
   */
  public void changeOwner(long ino, int uid, int gid, int permissions) throws ErrnoException {
    var inode = own(ino);
    int owner = uid == -1 ? inode.uid() : uid;
    long now = now();
    ledger.transfer(inode.uid(), owner, inode.chargedBytes(this), chargedInodes(inode));
    inode.setOwner(owner, gid == -1 ? inode.gid() : gid);
    setPermissions(inode, permissions, now);
    tellChange(ino);
  }

  /**
   * Sets an extended attribute.
   *
   * @param limit the most bytes that those of the inode may take
   * @throws ErrnoException ENOSPC, EDQUOT
   */
  public void setXattr(long ino, byte[] name, byte[] value, long limit) throws ErrnoException {
    var changed = Xattrs.with(get(ino).xattrs(), name, value, epoch);
    if (changed.bytes() > limit) {
      throw Errno.ENOSPC.exception();
    }
    setXattrs(ino, changed);
  }

  /**
   * Removes an extended attribute that is there.
   *
   * @throws ErrnoException ENOSPC, EDQUOT if those that are left, shared so far, have to be copied
   */
  public void removeXattr(long ino, byte[] name) throws ErrnoException {
    setXattrs(ino, get(ino).xattrs().without(name, epoch));
  }

  private void setXattrs(long ino, Xattrs changed) throws ErrnoException {
    var inode = own(ino);
    long now = now();
    long more = (changed == null ? 0 : changed.bytes()) - inode.chargedXattrs(this);
    if (more > 0) {
      ledger.charge(inode.uid(), more, 0);
    } else {
      ledger.credit(inode.uid(), -more, 0);
    }
    inode.setXattrs(changed);
    inode.changed(now);
    tellChange(ino);
  }

  /** Sets the times. */
  public void setTimes(long ino, TimeChange access, TimeChange modification) {
    own(ino).setTimes(access, modification, now());
    tellChange(ino);
  }

  /** Notes an access where it has to be noted. */
  public void touch(Inode inode) {
    if (accessTimes == AccessTimes.NONE) {
      return;
    }
    long now = now();
    if (accessTimes == AccessTimes.STRICT || inode.noteAccess(now)) {
      own(inode.ino()).accessed(now);
    }
  }

  /**
   * Notes a change of content of an inode that has been made this tree's {@linkplain #own own}.
   *
   * @param now the present, asked for before the change since that takes memory
   */
  public void contentChanged(long ino, long now) {
    own(ino).contentChanged(now);
    tellChange(ino);
  }

  // ---- watches ------------------------------------------------------------------------------

  /** Tells a watch what happens in a directory, until {@link #unwatch} or its removal. */
  public void watch(long directory, DirectoryWatch watch) {
    watches.add(directory, watch);
  }

  Watches watches() {
    return watches;
  }

  /** Ends a {@link #watch}; nothing happens if it has ended. */
  public void unwatch(long directory, DirectoryWatch watch) {
    watches.remove(directory, watch);
  }

  /** Tells of a changed inode by that of its names which it knows. */
  private void tellChange(long ino) {
    if (watches.isEmpty()) {
      return;
    }
    var inode = get(ino);
    if (get(inode.homeDirectory()) instanceof Directory home) {
      var entry = home.at(inode.homeCookie());
      if (entry != null && entry.ino() == ino) {
        watches.changed(home.ino(), entry.name());
      }
    }
  }

  /** It is not used any more: gives back what it was charged. */
  public void close() {
    // What came with the base is free, and may not even have been looked at.
    inodes.forEachSince(
        firstEpoch,
        inode -> ledger.credit(inode.uid(), inode.chargedBytes(this), chargedInodes(inode)));
  }

  // ---- for checks ---------------------------------------------------------------------------

  void forEachNamed(Consumer<Inode> visitor) {
    inodes.forEach(visitor);
  }

  void forEachOrphan(Consumer<Inode> visitor) {
    orphans.values().forEach(visitor);
  }
}
