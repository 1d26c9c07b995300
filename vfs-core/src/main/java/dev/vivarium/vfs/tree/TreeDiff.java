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
 * nothing that is shared. Each of them is then put at its path: an inode knows where one of its
 * names is. (Only if an inode that differs has several names, all directories are searched for
 * them.) What a path means in either state is what decides; so a directory that has moved is
 * removed with all that was in it, and added with all that is.
 */
public final class TreeDiff {
  private final TreeState before;
  private final TreeState after;
  private final Spot root;
  private final Map<Long, Spot> spotsBefore = new HashMap<>();
  private final Map<Long, Spot> spotsAfter = new HashMap<>();
  private final Set<Long> manyNames = new HashSet<>();
  private final ArrayDeque<Spot> toExpand = new ArrayDeque<>();

  /** A path, and what it means in the two states. */
  public static final class Spot {
    private final Spot parent;
    private final byte[] name;
    private final long pathLength;
    private Inode before;
    private Inode after;
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

  /** Receives what differs: a directory before what is in it, names in the order of their bytes. */
  public interface Visitor {
    /** Only the newer state has it. */
    void added(Spot spot);

    /** Both have it, and it differs. */
    void changed(Spot spot);

    /** Only the older state has it. */
    void removed(Spot spot);
  }

  private TreeDiff(TreeState before, TreeState after) {
    this.before = before;
    this.after = after;
    root = new Spot(null, new byte[0], before.root(), after.root());
    spotsBefore.put(Tree.ROOT, root);
    spotsAfter.put(Tree.ROOT, root);
  }

  /** Compares two states. */
  public static void compare(TreeState before, TreeState after, Visitor visitor) {
    var diff = new TreeDiff(before, after);
    diff.find();
    diff.expand();
    diff.report(visitor);
  }

  private void find() {
    var files = new ArrayList<Inode>();
    if (root.before.ino() == root.after.ino() && root.before != root.after) {
      toExpand.add(root);
    }
    Radix.diff(
        before.inodes(),
        after.inodes(),
        (ino, old, now) -> {
          // What is new or gone shows in the directory that has or had its name.
          if (old instanceof Directory was && now instanceof Directory is) {
            findEntries(was, is);
          } else if (old != null && now instanceof Inode is && !(now instanceof Directory)) {
            files.add(is);
          }
        });
    for (var file : files) {
      if (file.nlink() == 1 && file.homeDirectory() != 0) {
        var home = (Directory) after.get(file.homeDirectory());
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
    toExpand.add(newSpot);
    Radix.diff(
        was.order,
        is.order,
        (cookie, old, now) -> {
          if (old != null) {
            add(oldSpot, ((Entry) old).name());
          }
          if (now != null) {
            add(newSpot, ((Entry) now).name());
          }
        });
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

  /** Goes into what has come, gone, or become something else, down to the leaves. */
  private void expand() {
    for (var spot = toExpand.poll(); spot != null; spot = toExpand.poll()) {
      boolean same =
          spot.before != null
              && spot.after != null
              && spot.before.ino() == spot.after.ino()
              && spot.before.type() == spot.after.type();
      if (!same) {
        expand(spot, spot.before);
        expand(spot, spot.after);
      }
    }
  }

  private void expand(Spot spot, Inode inode) {
    if (inode instanceof Directory directory) {
      directory.order.forEach(entry -> add(spot, ((Entry) entry).name()));
    }
  }

  private void report(Visitor visitor) {
    var pending = new ArrayDeque<Spot>();
    pending.push(root);
    while (!pending.isEmpty()) {
      var spot = pending.pop();
      report(spot, visitor);
      if (spot.below != null) {
        spot.below.descendingMap().values().forEach(pending::push);
        spot.below = null;
      }
    }
  }

  private static void report(Spot spot, Visitor visitor) {
    if (spot.before == null) {
      if (spot.after != null) {
        visitor.added(spot);
      }
    } else if (spot.after == null) {
      visitor.removed(spot);
    } else if (differ(spot.before, spot.after)) {
      visitor.changed(spot);
    }
    // Whoever keeps what was reported does not keep the states.
    spot.before = null;
    spot.after = null;
  }

  private static boolean differ(Inode a, Inode b) {
    if (a == b) {
      return false;
    }
    if (a.mode() != b.mode()
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
