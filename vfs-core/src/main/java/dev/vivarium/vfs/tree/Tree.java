package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.TimeChange;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One filesystem's inodes: the table, and every change that keeps it consistent.
 *
 * <p>Names must have been checked, and whether they are there. What can still fail, for want of
 * room, fails before anything has changed. Guarded by {@link #lock()}.
 */
public final class Tree {
  /** The root directory's number. */
  public static final long ROOT = 1;

  private final Object lock;
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
   */
  public Tree(
      TreeState base, Ledger ledger, InstantSource clock, AccessTimes accessTimes, Object lock) {
    this.accessTimes = accessTimes;
    this.lock = lock;
    this.clock = clock;
    this.ledger = ledger;
    this.epoch = Epochs.next();
    this.firstEpoch = epoch;
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

  private Directory ownDirectory(long ino) {
    return (Directory) own(ino);
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

  // ---- entries ------------------------------------------------------------------------------

  /** Makes what {@link #create} adds: an inode of the present epoch, with this number. */
  private interface Maker {
    Inode make(long ino, long now);
  }

  /** Makes an empty regular file. */
  public Inode createFile(long directory, byte[] name, int permissions, int uid, int gid)
      throws ErrnoException {
    return create(
        directory,
        name,
        uid,
        0,
        (ino, now) -> new RegularFile(epoch, ino, permissions, uid, gid, now));
  }

  /** Makes a directory. */
  public Inode createDirectory(long directory, byte[] name, int permissions, int uid, int gid)
      throws ErrnoException {
    if (directory(directory).nlink() == Integer.MAX_VALUE) {
      throw Errno.EMLINK.exception();
    }
    var made =
        create(
            directory,
            name,
            uid,
            0,
            (ino, now) -> new Directory(epoch, ino, permissions, uid, gid, now));
    directory(directory).nlink++;
    return made;
  }

  /** Makes a symbolic link. */
  public Inode createSymlink(long directory, byte[] name, byte[] target, int uid, int gid)
      throws ErrnoException {
    return create(
        directory,
        name,
        uid,
        target.length,
        (ino, now) -> new Symlink(epoch, ino, target.clone(), uid, gid, now));
  }

  /**
   * Makes a device node, a FIFO or a socket.
   *
   * @param mode with the type
   * @param rdev the device's number; 0 for what is no device
   */
  public Inode createSpecial(long directory, byte[] name, int mode, long rdev, int uid, int gid)
      throws ErrnoException {
    return create(
        directory,
        name,
        uid,
        0,
        (ino, now) -> new SpecialFile(epoch, ino, mode, rdev, uid, gid, now));
  }

  private Inode create(long directory, byte[] name, int uid, long bytes, Maker maker)
      throws ErrnoException {
    ledger.charge(uid, bytes, 1);
    boolean done = false;
    try {
      long now = now();
      var parent = ownDirectory(directory);
      var inode = maker.make(nextIno, now);
      var entry = entry(name, inode.type(), nextIno, parent.nextCookie());
      inodes.reserve(nextIno, epoch);
      parent.add(entry, epoch);
      inodes.set(inode);
      nextIno++;
      if (!inode.isDirectory()) {
        inode.nlink = 1;
      }
      inode.setHome(directory, entry.cookie());
      parent.contentChanged(now);
      done = true;
      watches.added(directory, name);
      return inode;
    } finally {
      if (!done) {
        ledger.credit(uid, bytes, 1);
      }
    }
  }

  /**
   * Makes an empty regular file without a name, and {@linkplain #pin pins} it.
   *
   * @param mayBeLinked whether {@link #link} may give it a name later
   */
  public Inode createUnnamed(int permissions, int uid, int gid, boolean mayBeLinked)
      throws ErrnoException {
    ledger.charge(uid, 0, 1);
    long ino = nextIno;
    boolean done = false;
    try {
      var inode = new RegularFile(epoch, ino, permissions, uid, gid, now());
      orphans.put(ino, inode);
      if (mayBeLinked) {
        linkable.add(ino);
      }
      pin(ino);
      nextIno++;
      done = true;
      return inode;
    } finally {
      if (!done) {
        orphans.remove(ino);
        linkable.remove(ino);
        ledger.credit(uid, 0, 1);
      }
    }
  }

  private static Entry entry(byte[] name, FileType type, long ino, long cookie) {
    return new Entry(name, NameHash.of(name, 0, name.length), type, ino, cookie);
  }

  /**
   * Gives an inode one more name.
   *
   * @throws ErrnoException ENOENT if it has lost its last name, or was made to have none; EMLINK;
   *     ENOSPC, EDQUOT
   */
  public void link(long ino, long directory, byte[] name) throws ErrnoException {
    var inode = get(ino);
    boolean unnamed = inode.nlink() == 0;
    if (unnamed && !linkable.contains(ino)) {
      throw Errno.ENOENT.exception();
    }
    if (inode.nlink() == Integer.MAX_VALUE) {
      throw Errno.EMLINK.exception();
    }
    int owner = inode.uid();
    // What has no name yet has been charged as if it had one.
    int more = unnamed ? 0 : 1;
    ledger.charge(owner, 0, more);
    boolean done = false;
    try {
      long now = now();
      var linked = own(ino);
      var parent = ownDirectory(directory);
      var entry = entry(name, linked.type(), ino, parent.nextCookie());
      if (unnamed) {
        inodes.reserve(ino, epoch);
      }
      parent.add(entry, epoch);
      done = true;
      if (!isOwn(linked)) {
        linked.adoptNames(1);
      }
      if (unnamed) {
        inodes.set(linked);
        orphans.remove(ino);
        linkable.remove(ino);
      }
      linked.nlink++;
      linked.setHome(directory, entry.cookie());
      linked.changed(now);
      parent.contentChanged(now);
      watches.added(directory, name);
    } finally {
      if (!done) {
        ledger.credit(owner, 0, more);
      }
    }
  }

  /** Removes a name of what is no directory. */
  public void unlink(long directory, byte[] name) {
    remove(directory, name);
  }

  /**
   * Removes a directory.
   *
   * @throws ErrnoException ENOTEMPTY
   */
  public void removeDirectory(long directory, byte[] name) throws ErrnoException {
    requireEmpty(directory(directory).find(name).ino());
    remove(directory, name);
  }

  private void remove(long directory, byte[] name) {
    var parent = ownDirectory(directory);
    var entry = parent.find(name);
    var inode = own(entry.ino());
    long now = now();
    parent.reserve(entry, epoch);
    keepIfPinned(inode);
    // From here on nothing takes memory.
    parent.remove(entry);
    parent.contentChanged(now);
    if (inode.isDirectory()) {
      parent.nlink--;
    }
    unlinked(inode, directory, entry, now);
    watches.removed(directory, entry.name());
  }

  private void requireEmpty(long directory) throws ErrnoException {
    if (directory(directory).count() > 0) {
      throw Errno.ENOTEMPTY.exception();
    }
  }

  /**
   * Moves an entry, in the place of one of the same kind if the new name is taken.
   *
   * @throws ErrnoException ENOTEMPTY; EMLINK
   */
  public void rename(long fromDirectory, byte[] from, long toDirectory, byte[] to)
      throws ErrnoException {
    rename(fromDirectory, from, toDirectory, to, null);
  }

  /**
   * As {@link #rename(long, byte[], long, byte[])}, and leaves a whiteout where the old name was: a
   * character device 0 without permissions, which is charged as any new inode.
   *
   * @throws ErrnoException ENOTEMPTY; EMLINK; ENOSPC, EDQUOT
   */
  public void renameToWhiteout(
      long fromDirectory, byte[] from, long toDirectory, byte[] to, int uid, int gid)
      throws ErrnoException {
    ledger.charge(uid, 0, 1);
    long made = nextIno;
    try {
      inodes.reserve(made, epoch);
      int mode = FileType.CHARACTER_DEVICE.bits();
      var whiteout = new SpecialFile(epoch, made, mode, 0, uid, gid, now());
      rename(fromDirectory, from, toDirectory, to, whiteout);
    } finally {
      if (nextIno == made) {
        ledger.credit(uid, 0, 1);
      }
    }
  }

  /**
   * @param left what takes the place of the old name, with the next inode number, whose place in
   *     the table has been reserved; null for nothing
   */
  private void rename(
      long fromDirectory, byte[] from, long toDirectory, byte[] to, SpecialFile left)
      throws ErrnoException {
    var old = directory(fromDirectory).find(from);
    var victim = directory(toDirectory).find(to);
    if (victim != null && victim.ino() == old.ino()) {
      return;
    }
    boolean isDirectory = old.type() == FileType.DIRECTORY;
    boolean within = fromDirectory == toDirectory;
    if (victim != null && isDirectory) {
      requireEmpty(victim.ino());
    }
    if (isDirectory
        && victim == null
        && !within
        && directory(toDirectory).nlink() == Integer.MAX_VALUE) {
      throw Errno.EMLINK.exception();
    }
    var source = ownDirectory(fromDirectory);
    var target = ownDirectory(toDirectory);
    var moved = own(old.ino());
    var replaced = victim == null ? null : own(victim.ino());
    long now = now();

    source.reserve(old, epoch);
    if (victim != null) {
      target.reserve(victim, epoch);
    }
    long cookie = within && left == null ? old.cookie() : target.nextCookie();
    var entry = entry(to, old.type(), old.ino(), cookie);
    var leftEntry = left == null ? null : entry(from, left.type(), left.ino(), old.cookie());
    boolean done = false;
    try {
      if (replaced != null) {
        keepIfPinned(replaced);
      }
      // Each of these takes its memory first; the removal takes none.
      if (within && left == null) {
        target.rename(old, entry, victim, epoch);
      } else if (victim == null) {
        target.add(entry, epoch);
      } else {
        target.replace(victim, entry, epoch);
      }
      done = true;
      if (left != null) {
        source.substitute(old, leftEntry, epoch);
      } else if (!within) {
        source.remove(old);
      }
    } finally {
      if (!done && replaced != null && orphans.remove(replaced.ino()) instanceof Directory) {
        unpin(toDirectory);
      }
    }

    if (isDirectory) {
      source.nlink--;
      if (victim == null) {
        target.nlink++;
      }
    }
    moveHome(moved, fromDirectory, old, toDirectory, entry);
    if (left != null) {
      nextIno++;
      inodes.set(left);
      left.nlink = 1;
      left.setHome(fromDirectory, old.cookie());
    }
    moved.changed(now);
    source.contentChanged(now);
    target.contentChanged(now);
    if (replaced != null) {
      unlinked(replaced, toDirectory, victim, now);
    }
    watches.removed(fromDirectory, old.name());
    if (left != null) {
      watches.added(fromDirectory, leftEntry.name());
    }
    watches.added(toDirectory, entry.name());
  }

  /**
   * Exchanges what two names mean; neither is an ancestor of the other.
   *
   * @throws ErrnoException EMLINK
   */
  public void exchange(long firstDirectory, byte[] first, long secondDirectory, byte[] second)
      throws ErrnoException {
    var a = directory(firstDirectory).find(first);
    var b = directory(secondDirectory).find(second);
    if (a.ino() == b.ino()) {
      return;
    }
    int moreInSecond = subdirectories(a) - subdirectories(b);
    if (firstDirectory == secondDirectory) {
      moreInSecond = 0;
    }
    if (moreInSecond != 0
        && directory(moreInSecond > 0 ? secondDirectory : firstDirectory).nlink()
            == Integer.MAX_VALUE) {
      throw Errno.EMLINK.exception();
    }
    var left = ownDirectory(firstDirectory);
    var right = ownDirectory(secondDirectory);
    var x = own(a.ino());
    var y = own(b.ino());
    long now = now();
    left.reserve(a, epoch);
    right.reserve(b, epoch);
    // Names keep their places in the listing.
    var newLeft = entry(first, b.type(), b.ino(), a.cookie());
    var newRight = entry(second, a.type(), a.ino(), b.cookie());
    // From here on nothing takes memory.
    left.substitute(a, newLeft, epoch);
    right.substitute(b, newRight, epoch);
    moveHome(x, firstDirectory, a, secondDirectory, newRight);
    moveHome(y, secondDirectory, b, firstDirectory, newLeft);
    left.nlink -= moreInSecond;
    right.nlink += moreInSecond;
    x.changed(now);
    y.changed(now);
    left.contentChanged(now);
    right.contentChanged(now);
    watches.removed(firstDirectory, a.name());
    watches.added(firstDirectory, newLeft.name());
    watches.removed(secondDirectory, b.name());
    watches.added(secondDirectory, newRight.name());
  }

  private static int subdirectories(Entry entry) {
    return entry.type() == FileType.DIRECTORY ? 1 : 0;
  }

  private static void moveHome(Inode inode, long from, Entry old, long to, Entry entry) {
    if (inode.isDirectory() || inode.nlink() == 1 || isHome(inode, from, old)) {
      inode.setHome(to, entry.cookie());
    }
  }

  private static boolean isHome(Inode inode, long directory, Entry entry) {
    return inode.homeDirectory() == directory && inode.homeCookie() == entry.cookie();
  }

  /**
   * Puts an inode that loses its last name, but is pinned, where it will be found. The parent of a
   * directory is pinned with it, for the sake of its {@code ..}.
   */
  private void keepIfPinned(Inode inode) {
    boolean last = inode.isDirectory() || inode.nlink() == 1;
    if (last && isPinned(inode.ino())) {
      if (inode instanceof Directory directory) {
        pin(directory.parent());
      }
      orphans.put(inode.ino(), inode);
    }
  }

  /** Counts a name less, and takes what has none left out of the table. */
  private void unlinked(Inode inode, long directory, Entry entry, long now) {
    inode.changed(now);
    if (!inode.isDirectory() && inode.nlink() > 1) {
      inode.nlink--;
      creditName(inode);
      if (isHome(inode, directory, entry)) {
        inode.setHome(0, 0);
      }
      return;
    }
    inode.nlink = 0;
    inodes.clear(inode.ino());
    if (inode.isDirectory()) {
      watches.gone(inode.ino());
    }
    if (orphans.isEmpty() || !orphans.containsKey(inode.ino())) {
      free(inode);
    }
  }

  private void creditName(Inode inode) {
    if (isOwn(inode)) {
      ledger.credit(inode.uid(), 0, 1);
    } else if (inode.adoptedNames(this) > 0) {
      inode.adoptNames(-1);
      ledger.credit(inode.uid(), 0, 1);
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

  // ---- attributes ---------------------------------------------------------------------------

  /** Sets the permission bits. */
  public void changeMode(long ino, int permissions) {
    own(ino).setPermissions(permissions, now());
    tellChange(ino);
  }

  /** Sets the permission bits where that is no change of its own: the time of change stays. */
  public void adjustMode(long ino, int permissions) {
    var inode = own(ino);
    inode.setPermissions(permissions, inode.ctime());
  }

  /**
   * Sets owner and group, -1 leaving one alone, and the permission bits.
   *
   * @throws ErrnoException EDQUOT
   */
  public void changeOwner(long ino, int uid, int gid, int permissions) throws ErrnoException {
    var inode = own(ino);
    int owner = uid == -1 ? inode.uid() : uid;
    ledger.transfer(inode.uid(), owner, inode.chargedBytes(this), chargedInodes(inode));
    inode.setOwner(owner, gid == -1 ? inode.gid() : gid);
    inode.setPermissions(permissions, now());
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
    long more = (changed == null ? 0 : changed.bytes()) - inode.chargedXattrs(this);
    if (more > 0) {
      ledger.charge(inode.uid(), more, 0);
    } else {
      ledger.credit(inode.uid(), -more, 0);
    }
    inode.setXattrs(changed);
    inode.changed(now());
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

  /** Notes a change of content. */
  public void contentChanged(Inode inode) {
    own(inode.ino()).contentChanged(now());
    tellChange(inode.ino());
  }

  // ---- watches ------------------------------------------------------------------------------

  /** Tells a watch what happens in a directory, until {@link #unwatch} or its removal. */
  public void watch(long directory, DirectoryWatch watch) {
    watches.add(directory, watch);
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
    forEachNamed(
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
