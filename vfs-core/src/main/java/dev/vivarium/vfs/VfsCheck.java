package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.MemoryFileSystem;
import dev.vivarium.vfs.mount.MountTable;
import dev.vivarium.vfs.tree.Ledger;
import dev.vivarium.vfs.tree.TreeCheck;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/** {@link Vfs#check}: every tree in itself, and the ledger against all of them. */
final class VfsCheck {
  private VfsCheck() {}

  static List<String> violations(MountTable mounts, Ledger ledger) {
    var violations = new ArrayList<String>();
    var users = new HashMap<Integer, List<Long>>();
    long bytes = 0;
    long inodes = 0;
    for (var mount : mounts.mounts()) {
      if (mount.fileSystem() instanceof MemoryFileSystem memory) {
        var check = new TreeCheck(memory.tree());
        violations.addAll(check.violations());
        bytes += check.bytes();
        inodes += check.inodes();
        check.addUsers(users);
      }
    }
    if (bytes != ledger.bytes() || inodes != ledger.inodes()) {
      violations.add(
          "the ledger has %d bytes and %d inodes instead of %d and %d"
              .formatted(ledger.bytes(), ledger.inodes(), bytes, inodes));
    }
    if (!users.equals(ledger.users())) {
      violations.add("the ledger has for users " + ledger.users() + " instead of " + users);
    }
    return violations;
  }
}
