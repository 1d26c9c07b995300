package dev.vivarium.vfs.tree;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.RegularFileDescription;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.AccessTimes;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class TreeTest {
  private final Tree tree = tree();
  private final Tree other = tree();

  private static Tree tree() {
    return new Tree(
        null,
        Ledger.unlimited(),
        InstantSource.system(),
        AccessTimes.RELATIVE,
        new Object(),
        new PathEpoch());
  }

  private static RegularFileDescription file(Tree tree, String name) throws ErrnoException {
    var inode = new Creation(tree).file(Tree.ROOT, name.getBytes(US_ASCII), 0600, 0, 0);
    return new RegularFileDescription(tree, 1, inode.ino(), OpenFlags.O_RDWR, Credentials.ROOT);
  }

  /** A new epoch makes every later change copy what it changes: one for each file would be dear. */
  @Test
  void anyNumberOfFilesAreClonedInOneEpoch() throws ErrnoException {
    var first = file(tree, "first");
    var second = file(tree, "second");
    var clone = file(other, "clone");
    long before = tree.epoch();
    Transfer.cloneFile(first, clone);
    long after = tree.epoch();
    assertThat(after).isNotEqualTo(before);
    Transfer.cloneFile(second, clone);
    Transfer.cloneFile(first, clone);
    assertThat(tree.epoch()).isEqualTo(after);
    second.pwrite(new byte[1], 0, 1, 0);
    Transfer.cloneFile(second, clone);
    assertThat(tree.epoch()).isNotEqualTo(after);
  }
}
