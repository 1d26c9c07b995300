package dev.vivarium.vfs.tree;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What differs between two states, path by path.
 *
 * <p>The inode tables are compared by identity, which finds the inodes that differ and looks at
 * nothing that is shared. Of a directory that is in both, the entries are compared in the same way,
 * wherever it is now: what has moved along with it is no difference. Only directories that are new
 * or gone are gone through. An inode knows where one of its names is, which leads to its path.
 * (Only if a file that differs has several names, all directories are searched for them.)
 *
 * <p>A name that came and one that went are a renaming if they mean the same inode. A name that
 * means another inode than before, which came from nowhere, has changed.
 */
public final class TreeDiff {
  private final TreeState before;
  private final TreeState after;
  private final long parting;
  private final Spot root;
  private final Map<Long, Spot> spotsBefore = new HashMap<>();
  private final Map<Long, Spot> spotsAfter = new HashMap<>();
  private final Set<Long> manyNames = new HashSet<>();
  private final ArrayDeque<Spot> toExpand = new ArrayDeque<>();
  // Names that files of both states have lost, by inode.
  private final Map<Long, ArrayDeque<Spot>> lost = new HashMap<>();
  // Names that they have got.
  private final ArrayList<Spot> gained = new ArrayList<>();

  /** A path, and what it means in the two states. */
  public static final class Spot {
    private final Spot parent;
    private final byte[] name;
    private final long pathLength;
    private Inode before;
    private Inode after;
    private Spot origin;
    private boolean left;
    private TreeMap<byte[], Spot> below;

    private Spot(Spot parent, byte[] name, Inode before, Inode after) {
      this.parent = parent;
      this.name = name;
      this.pathLength = parent == null ? 0 : parent.pathLength + 1 + name.length;
      this.before = before;
      this.after = after;
    }

    /** The place of what this is in; null for the root. */
    public Spot parent() {
      return parent;
    }

    /** The bytes of the absolute path; 0 for the root. */
    public long pathLength() {
      return pathLength;
    }

    /** The last name; empty for the root. */
    public byte[] name() {
      return name;
    }
  }

  /**
   * Receives what differs, each path once: a directory before what is in it, names in the order of
   * their bytes.
   */
  public interface Visitor {
    /** Only the newer state has it. */
    void added(Spot spot, long ino);

    /** Both have it, and it differs. */
    void changed(Spot spot, long oldIno, long newIno);

    /** Only the older state has it. */
    void removed(Spot spot, long ino);

    /** The older state has it at another path, {@code from}. */
    void renamed(Spot from, Spot spot, long ino, boolean differs);
  }

  private TreeDiff(TreeState before, TreeState after) {
    this.before = before;
    this.after = after;
    parting = Lineage.parting(before, after);
    root = new Spot(null, new byte[0], before.root(), after.root());
    spotsBefore.put(Tree.ROOT, root);
    spotsAfter.put(Tree.ROOT, root);
  }

  /** Compares two states. */
  public static void compare(TreeState before, TreeState after, Visitor visitor) {
    var diff = new TreeDiff(before, after);
    diff.find();
    diff.expand();
    diff.pair();
    diff.report(visitor);
  }

  // ---- what differs -------------------------------------------------------------------------

  private void find() {
    var files = new ArrayList<Inode>();
    Radix.diff(
        before.inodes(),
        after.inodes(),
        (number, old, now) -> {
          // What is new or gone shows in the directory that has or had its name.
          if (old == null || now == null || number >= parting) {
            return;
          }
          if (old instanceof Directory was) {
            findEntries(was, (Directory) now);
          } else if (differ((Inode) old, (Inode) now)) {
            files.add((Inode) now);
          }
        });
    for (var file : files) {
      if (file.nlink() == 1
          && file.homeDirectory() != 0
          && after.get(file.homeDirectory()) instanceof Directory home) {
        add(spot(home, after, spotsAfter), home.at(file.homeCookie()).name());
      } else {
        manyNames.add(file.ino());
      }
    }
    if (!manyNames.isEmpty()) {
      after.inodes().forEach(this::findManyNamed);
    }
  }

  private void findEntries(Directory was, Directory is) {
    var oldSpot = spot(was, before, spotsBefore);
    var newSpot = spot(is, after, spotsAfter);
    Radix.diff(
        was.order,
        is.order,
        (cookie, old, now) -> {
          if (old != null) {
            lose(oldSpot, (Entry) old, is);
          }
          if (now != null) {
            gain(newSpot, (Entry) now, was);
          }
        });
  }

  /** Notes a name that has gone, or means something else, unless it only has another cookie. */
  private void lose(Spot directory, Entry entry, Directory now) {
    if (!hasSame(now, entry)) {
      var spot = add(directory, entry.name());
      if (isInBoth(entry.ino())) {
        lost.computeIfAbsent(entry.ino(), ino -> new ArrayDeque<>()).add(spot);
      }
    }
  }

  private void gain(Spot directory, Entry entry, Directory old) {
    if (!hasSame(old, entry)) {
      var spot = add(directory, entry.name());
      if (isInBoth(entry.ino())) {
        gained.add(spot);
      }
    }
  }

  private boolean hasSame(Directory directory, Entry entry) {
    var same = directory == null ? null : directory.find(entry.name());
    return same != null && same.ino() == entry.ino() && entry.ino() < parting;
  }

  private void findManyNamed(Object inode) {
    if (inode instanceof Directory directory) {
      directory.order.forEach(
          each -> {
            var entry = (Entry) each;
            if (manyNames.contains(entry.ino())) {
              add(spot(directory, after, spotsAfter), entry.name());
            }
          });
    }
  }

  /** The place of a directory in one of the states. */
  private Spot spot(Directory directory, TreeState state, Map<Long, Spot> known) {
    var way = new ArrayDeque<Directory>();
    var at = directory;
    while (!known.containsKey(at.ino())) {
      way.push(at);
      at = (Directory) state.get(at.parent());
    }
    var spot = known.get(at.ino());
    for (var step : way) {
      spot = add(spot, at.at(step.homeCookie()).name());
      known.put(step.ino(), spot);
      at = step;
    }
    return spot;
  }

  /** The place of a name in a directory; looks up what it means. */
  private Spot add(Spot parent, byte[] name) {
    if (parent.below == null) {
      parent.below = new TreeMap<>(Arrays::compareUnsigned);
    }
    var present = parent.below.get(name);
    if (present != null) {
      return present;
    }
    var made =
        new Spot(
            parent, name, child(parent.before, name, before), child(parent.after, name, after));
    parent.below.put(name, made);
    toExpand.add(made);
    return made;
  }

  private static Inode child(Inode parent, byte[] name, TreeState state) {
    var entry = parent instanceof Directory directory ? directory.find(name) : null;
    return entry == null ? null : state.get(entry.ino());
  }

  /** Whether a number means the same inode in both states. */
  private boolean isInBoth(long ino) {
    return ino < parting && before.get(ino) != null && after.get(ino) != null;
  }

  /** Goes into the directories that have come or gone, down to the leaves. */
  private void expand() {
    for (var spot = toExpand.poll(); spot != null; spot = toExpand.poll()) {
      var place = spot;
      if (spot.before instanceof Directory gone && !isInBoth(gone.ino())) {
        gone.order.forEach(entry -> lose(place, (Entry) entry, null));
      }
      if (spot.after instanceof Directory made && !isInBoth(made.ino())) {
        made.order.forEach(entry -> gain(place, (Entry) entry, null));
      }
    }
  }

  // ---- what has moved -----------------------------------------------------------------------

  private void pair() {
    for (var spot : gained) {
      var from = lost.get(spot.after.ino());
      if (from != null && !from.isEmpty()) {
        spot.origin = from.poll();
        spot.origin.left = true;
      }
    }
  }

  /** What the name of a spot meant before, in the directory that it is in now. */
  private Inode counterpart(Spot spot) {
    if (spot.parent == null) {
      return spot.before;
    }
    long directory = spot.parent.after.ino();
    if (isInBoth(directory)) {
      var old = child(before.get(directory), spot.name, before);
      if (old != null) {
        return hasLeft(directory, spot.name) ? null : old;
      }
    }
    return isGone(spot) ? spot.before : null;
  }

  /** Whether what a name meant before has it no longer, but another. */
  private boolean hasLeft(long directory, byte[] name) {
    var place = spotsBefore.get(directory);
    var spot = place == null || place.below == null ? null : place.below.get(name);
    return spot != null && spot.left;
  }

  /** Whether what a path meant before was in a directory that has the name no longer. */
  private boolean isGone(Spot spot) {
    if (spot.before == null || spot.left) {
      return false;
    }
    long directory = spot.parent.before.ino();
    return !isInBoth(directory) || ((Directory) after.get(directory)).find(spot.name) == null;
  }

  // ---- telling ------------------------------------------------------------------------------

  private void report(Visitor visitor) {
    var pending = new ArrayDeque<Spot>();
    pending.push(root);
    var told = new ArrayList<Spot>();
    while (!pending.isEmpty()) {
      var spot = pending.pop();
      told.add(spot);
      report(spot, visitor);
      if (spot.below != null) {
        spot.below.descendingMap().values().forEach(pending::push);
      }
    }
    // Whoever keeps what was reported does not keep the states.
    for (var spot : told) {
      spot.before = null;
      spot.after = null;
      spot.origin = null;
      spot.below = null;
    }
  }

  private void report(Spot spot, Visitor visitor) {
    if (spot.after == null) {
      if (isGone(spot)) {
        visitor.removed(spot, spot.before.ino());
      }
      return;
    }
    long ino = spot.after.ino();
    if (spot.origin != null) {
      visitor.renamed(spot.origin, spot, ino, differ(before.get(ino), spot.after));
      return;
    }
    var old = counterpart(spot);
    if (old == null) {
      visitor.added(spot, ino);
    } else if (differ(old, spot.after)) {
      visitor.changed(spot, old.ino(), ino);
    }
  }

  private static boolean differ(Inode a, Inode b) {
    if (a == b) {
      return false;
    }
    if (a instanceof DamagedInode
        || b instanceof DamagedInode
        || a.mode() != b.mode()
        || a.uid() != b.uid()
        || a.gid() != b.gid()
        || a.mtime() != b.mtime()
        || a.rdev() != b.rdev()
        || !Xattrs.same(a.xattrs(), b.xattrs())) {
      return true;
    }
    if (a instanceof Symlink link) {
      return !Arrays.equals(link.target(), ((Symlink) b).target());
    }
    return a instanceof RegularFile file && differ(file, (RegularFile) b);
  }

  private static boolean differ(RegularFile a, RegularFile b) {
    if (a.size() != b.size()) {
      return true;
    }
    var none = new Radix();
    boolean[] found = new boolean[1];
    Radix.diff(
        a.content() == null ? none : a.content(),
        b.content() == null ? none : b.content(),
        (number, p, q) -> found[0] |= differ((Page) p, (Page) q));
    return found[0];
  }

  private static boolean differ(Page a, Page b) {
    if (a == null) {
      return !b.isBlank();
    }
    return b == null ? !a.isBlank() : !a.sameContent(b);
  }
}
