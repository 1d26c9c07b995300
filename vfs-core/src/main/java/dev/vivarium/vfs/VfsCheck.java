package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.MemoryFileSystem;
import dev.vivarium.vfs.mount.MountTable;
import dev.vivarium.vfs.tree.Ledger;
import dev.vivarium.vfs.tree.Tree;
import dev.vivarium.vfs.tree.TreeCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;

/** {@link Vfs#check}: every tree in itself, and each ledger against all that it pays for. */
final class VfsCheck {
  private VfsCheck() {}

  static List<String> violations(MountTable mounts) {
    var violations = new ArrayList<String>();
    var trees = new LinkedHashMap<Ledger, List<Tree>>();
    for (var mount : mounts.mounts()) {
      if (!mount.isBind() && mount.fileSystem() instanceof MemoryFileSystem memory) {
        trees.computeIfAbsent(memory.tree().ledger(), l -> new ArrayList<>()).add(memory.tree());
      }
    }
    trees.forEach((ledger, paidFor) -> compare(ledger, paidFor, violations));
    return violations;
  }

  private static void compare(Ledger ledger, List<Tree> trees, List<String> violations) {
    var users = new HashMap<Integer, List<Long>>();
    long bytes = 0;
    long inodes = 0;
    for (var tree : trees) {
      var check = new TreeCheck(tree);
      violations.addAll(check.violations());
      bytes += check.bytes();
      inodes += check.inodes();
      check.addUsers(users);
    }
    if (bytes != ledger.bytes() || inodes != ledger.inodes()) {
      violations.add(
          "the ledger has %d bytes and %d inodes instead of %d and %d"
              .formatted(ledger.bytes(), ledger.inodes(), bytes, inodes));
    }
    if (!users.equals(ledger.users())) {
      violations.add("the ledger has for users " + ledger.users() + " instead of " + users);
    }
  }
}
