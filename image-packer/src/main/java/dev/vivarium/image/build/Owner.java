package dev.vivarium.image.build;

import dev.vivarium.Sandbox;
import dev.vivarium.image.Accounts;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.regex.Pattern;

/** Whose the files are that a build makes. */
final class Owner {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");
  private static final Pattern ROOT = Pattern.compile("^root(?=$|:)");

  private Owner() {}

  /**
   * Whom {@code USER[:GROUP]} names among the accounts of a tree; root if it is empty. As BuildKit
   * has it, a user's number alone is also the group, a name alone has that of its account, and root
   * is known without one.
   *
   * @throws IllegalArgumentException if there is none; the message is for people
   */
  static Credentials of(Snapshot tree, String user) throws ErrnoException {
    if (user.isEmpty()) {
      return Credentials.ROOT;
    }
    var vfs = Vfs.builder().base(tree).quota(Quota.UNLIMITED).build();
    Sandbox.furnish(vfs);
    var known = ROOT.matcher(user).replaceFirst("0");
    var found = Accounts.of(vfs).find(known).credentials();
    return NUMBER.matcher(known).matches() ? new Credentials(found.uid(), found.uid()) : found;
  }
}
