package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.FileType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts a tree again, and tells what does not agree with it. Called under the tree's lock. */
public final class TreeCheck {
  private final Tree tree;
  private final List<String> violations = new ArrayList<>();
  private final Map<Long, Inode> inodes = new HashMap<>();
  private final Map<Long, Integer> names = new HashMap<>();
  private final Map<Long, Integer> subdirectories = new HashMap<>();
  private final Map<Integer, long[]> users = new HashMap<>();
  private long bytes;
  private long charged;

  public TreeCheck(Tree tree) {
    this.tree = tree;
    tree.forEachNamed(inode -> inodes.put(inode.ino(), inode));
    inodes.values().stream().filter(Directory.class::isInstance).forEach(this::countEntries);
    inodes.values().forEach(this::checkNamed);
    tree.forEachOrphan(this::checkOrphan);
  }

  /** A line for each violation. */
  public List<String> violations() {
    return violations;
  }

  /** The bytes that the ledger should have for this tree. */
  public long bytes() {
    return bytes;
  }

  /** The inodes that the ledger should have for this tree. */
  public long inodes() {
    return charged;
  }

  /** Adds the bytes and inodes that the ledger should have for each user who pays anything. */
  public void addUsers(Map<Integer, List<Long>> sums) {
    users.forEach(
        (uid, usage) -> {
          if (usage[0] != 0 || usage[1] != 0) {
            sums.merge(
                uid,
                List.of(usage[0], usage[1]),
                (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
          }
        });
  }

  private void countEntries(Inode inode) {
    var directory = (Directory) inode;
    int[] count = new int[2];
    directory.names.forEach(
        entry -> {
          count[0]++;
          checkEntry(directory, entry);
        });
    directory.order.forEach(entry -> count[1]++);
    if (count[0] != directory.count() || count[1] != directory.count()) {
      report(
          directory,
          "has "
              + count[0]
              + " names and "
              + count[1]
              + " cookies, but counts "
              + directory.count());
    }
  }

  private void checkEntry(Directory directory, Entry entry) {
    byte[] name = entry.name();
    if (directory.at(entry.cookie()) != entry || entry.cookie() >= directory.nextCookie()) {
      report(directory, "has an entry for " + entry.ino() + " that its order has not");
    }
    if (directory.find(name) != entry) {
      report(directory, "does not find its entry for " + entry.ino());
    }
    names.merge(entry.ino(), 1, Integer::sum);
    var inode = inodes.get(entry.ino());
    if (inode == null) {
      report(directory, "has an entry for " + entry.ino() + ", which does not exist");
      return;
    }
    if (!(inode instanceof DamagedInode) && inode.type() != entry.type()) {
      report(inode, "is a " + inode.type() + ", but its entry says " + entry.type());
    }
    if (entry.type() == FileType.DIRECTORY) {
      subdirectories.merge(directory.ino(), 1, Integer::sum);
      if (inode.isDirectory() && inode.homeDirectory() != directory.ino()) {
        report(inode, "takes another directory for its parent than " + directory.ino());
      }
    }
  }

  private void checkNamed(Inode inode) {
    if (inode instanceof DamagedInode) {
      report(inode, "cannot be read");
      return;
    }
    int named = names.getOrDefault(inode.ino(), 0);
    if (inode.ino() == Tree.ROOT) {
      named++;
    }
    if (inode.isDirectory()) {
      if (named != 1) {
        report(inode, "is a directory with " + named + " names");
      }
      named = 2 + subdirectories.getOrDefault(inode.ino(), 0);
    } else if (named == 0) {
      report(inode, "has no name, but is in the table");
    }
    if (inode.nlink() != named) {
      report(inode, "has the link count " + inode.nlink() + " instead of " + named);
    }
    checkHome(inode);
    count(inode);
  }

  private void checkHome(Inode inode) {
    if (inode.ino() == Tree.ROOT || inode.homeDirectory() == 0) {
      if (inode.ino() != Tree.ROOT && inode.isDirectory()) {
        report(inode, "does not know its parent");
      }
      return;
    }
    var home = inodes.get(inode.homeDirectory()) instanceof Directory d ? d : null;
    var entry = home == null ? null : home.at(inode.homeCookie());
    if (entry == null || entry.ino() != inode.ino()) {
      report(inode, "is not where it thinks that it has a name");
    }
  }

  private void checkOrphan(Inode inode) {
    if (inode.nlink() != 0) {
      report(inode, "is an orphan with the link count " + inode.nlink());
    }
    if (!tree.isPinned(inode.ino())) {
      report(inode, "is an orphan that nothing holds open");
    }
    if (inodes.containsKey(inode.ino())) {
      report(inode, "is an orphan, and in the table too");
    }
    count(inode);
  }

  private void count(Inode inode) {
    if (inode instanceof RegularFile file) {
      checkPages(file);
    }
    int adopted = inode.adoptedNames(tree);
    if (adopted < 0 || adopted > inode.nlink() || (adopted > 0 && tree.isOwn(inode))) {
      report(inode, "is charged for " + adopted + " names without reason");
    }
    long itsBytes = inode.chargedBytes(tree);
    long itsInodes = tree.chargedInodes(inode);
    bytes += itsBytes;
    charged += itsInodes;
    if (inode.uid() != 0 && tree.ledger().countsUsers()) {
      var user = users.computeIfAbsent(inode.uid(), uid -> new long[2]);
      user[0] += itsBytes;
      user[1] += itsInodes;
    }
  }

  private void checkPages(RegularFile file) {
    int[] count = new int[2];
    if (file.content() != null) {
      file.content()
          .forEach(
              page -> {
                count[0]++;
                count[1] += tree.isOwnEpoch(((Page) page).epoch) ? 1 : 0;
              });
      long last = (file.size() + Page.SIZE - 1) / Page.SIZE;
      for (long n = file.content().nextKey(last); n >= 0; n = file.content().nextKey(n + 1)) {
        if (!((Page) file.content().get(n)).isBlank()) {
          report(file, "has content behind its end");
        }
      }
    }
    if (count[0] != file.pages() || count[1] != file.chargedPages(tree)) {
      report(
          file,
          "has %d pages (%d charged), but counts %d (%d)"
              .formatted(count[0], count[1], file.pages(), file.chargedPages(tree)));
    }
  }

  private void report(Inode inode, String what) {
    violations.add("inode " + inode.ino() + ": " + what);
  }
}
