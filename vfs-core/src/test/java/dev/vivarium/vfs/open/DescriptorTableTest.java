package dev.vivarium.vfs.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DescriptorTableTest {
  private final DescriptorTable table = new DescriptorTable(40);

  /** A description that knows whether it has been closed. */
  private static final class Probe extends FileDescription {
    private int closed;

    Probe() {
      super(0);
    }

    @Override
    public FileType type() {
      return FileType.REGULAR;
    }

    @Override
    public Stat stat() {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void closed() {
      closed++;
    }
  }

  @Test
  void theLowestFreeNumberIsTaken() throws Exception {
    for (int i = 0; i < 20; i++) {
      assertThat(add(new Probe())).isEqualTo(i);
    }
    table.close(3);
    table.close(17);
    assertThat(table.add(new Probe(), 5, false)).isEqualTo(17);
    assertThat(add(new Probe())).isEqualTo(3);
    assertThat(add(new Probe())).isEqualTo(20);
    assertThat(table.size()).isEqualTo(21);
  }

  @Test
  void aFullTableReleasesWhatItCannotTake() throws Exception {
    for (int i = 0; i < 40; i++) {
      add(new Probe());
    }
    var late = new Probe();
    fails(Errno.EMFILE, () -> add(late));
    assertThat(late.closed).isEqualTo(1);
    fails(Errno.EMFILE, () -> table.duplicate(0, 0, false));
    var misplaced = new Probe();
    fails(Errno.EINVAL, () -> table.add(misplaced, 40, false));
    fails(Errno.EINVAL, () -> table.duplicate(0, -1, false));
    assertThat(misplaced.closed).isEqualTo(1);
  }

  @Test
  void aDescriptionIsClosedWithItsLastDescriptor() throws Exception {
    var probe = new Probe();
    int fd = add(probe);
    int copy = table.duplicate(fd, 10, true);
    assertThat(copy).isEqualTo(10);
    assertThat(table.get(copy)).isSameAs(probe);
    table.close(fd);
    assertThat(probe.closed).isZero();
    fails(Errno.EBADF, () -> table.get(fd));
    table.close(copy);
    assertThat(probe.closed).isEqualTo(1);
    fails(Errno.EBADF, () -> table.close(copy));
  }

  @Test
  void numbersThatNeverWereAreBad() {
    for (int fd : new int[] {-1, 0, 39, 40, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      fails(Errno.EBADF, () -> table.get(fd));
      fails(Errno.EBADF, () -> table.close(fd));
      fails(Errno.EBADF, () -> table.duplicate(fd, 0, false));
      fails(Errno.EBADF, () -> table.rights(fd));
      fails(Errno.EBADF, () -> table.setCloseOnExec(fd, true));
    }
  }

  @Test
  void dup2ClosesWhatWasThere() throws Exception {
    var first = new Probe();
    var second = new Probe();
    add(first);
    add(second);
    table.duplicateTo(0, 1);
    assertThat(second.closed).isEqualTo(1);
    assertThat(table.get(1)).isSameAs(first);
    table.duplicateTo(0, 39);
    table.duplicateTo(0, 0);
    assertThat(table.closeOnExec(0)).isFalse();
    fails(Errno.EBADF, () -> table.duplicateTo(0, 40));
    fails(Errno.EBADF, () -> table.duplicateTo(0, -1));
    fails(Errno.EBADF, () -> table.duplicateTo(7, 0));
    table.closeAll();
    assertThat(first.closed).isEqualTo(1);
    assertThat(table.size()).isZero();
  }

  @Test
  void dup3TakesTheFlagAlongAndNoNumberTwice() throws Exception {
    var first = new Probe();
    add(first);
    table.duplicateTo(0, 1, OpenFlags.O_CLOEXEC);
    table.duplicateTo(0, 2, 0);
    assertThat(table.closeOnExec(1)).isTrue();
    assertThat(table.closeOnExec(2)).isFalse();
    table.duplicateTo(1, 2);
    assertThat(table.closeOnExec(2)).isFalse();
    fails(Errno.EINVAL, () -> table.duplicateTo(0, 0, 0));
    fails(Errno.EINVAL, () -> table.duplicateTo(7, 0, OpenFlags.O_NONBLOCK));
    fails(Errno.EBADF, () -> table.duplicateTo(7, 0, 0));
    fails(Errno.EBADF, () -> table.duplicateTo(0, 40, 0));
    table.closeAll();
    assertThat(first.closed).isEqualTo(1);
  }

  @Test
  void renumberMovesOntoAnOpenDescriptor() throws Exception {
    var first = new Probe();
    var second = new Probe();
    add(first);
    add(second);
    table.setRights(0, 5);
    fails(Errno.EBADF, () -> table.renumber(0, 2));
    fails(Errno.EBADF, () -> table.renumber(2, 0));
    table.renumber(0, 0);
    table.renumber(0, 1);
    assertThat(second.closed).isEqualTo(1);
    assertThat(first.closed).isZero();
    fails(Errno.EBADF, () -> table.get(0));
    assertThat(table.get(1)).isSameAs(first);
    assertThat(table.rights(1)).isEqualTo(5);
  }

  @Test
  void rightsAndCloseOnExecBelongToTheDescriptor() throws Exception {
    int fd = table.add(new Probe(), 0, true);
    assertThat(table.rights(fd)).isEqualTo(DescriptorTable.ALL_RIGHTS);
    table.setRights(fd, 3);
    int copy = table.duplicate(fd, 0, false);
    assertThat(table.rights(copy)).isEqualTo(3);
    assertThat(table.closeOnExec(copy)).isFalse();
    assertThat(table.closeOnExec(fd)).isTrue();
    table.setRights(copy, 1);
    assertThat(table.rights(fd)).isEqualTo(3);
    table.close(fd);
    assertThat(table.rights(add(new Probe()))).isEqualTo(DescriptorTable.ALL_RIGHTS);
    assertThat(table.closeOnExec(fd)).isFalse();
  }

  @Test
  void execClosesWhatIsMarkedAndAForkKeepsAll() throws Exception {
    var marked = new Probe();
    var kept = new Probe();
    table.add(marked, 0, true);
    table.add(kept, 0, false);
    var fork = table.fork();
    fork.closeOnExec();
    assertThat(marked.closed).isZero();
    assertThat(fork.next(0)).isEqualTo(1);
    assertThat(fork.next(2)).isEqualTo(-1);
    table.closeAll();
    assertThat(marked.closed).isEqualTo(1);
    assertThat(kept.closed).isZero();
    fork.closeAll();
    assertThat(kept.closed).isEqualTo(1);
  }

  private int add(FileDescription description) throws ErrnoException {
    return table.add(description, 0, false);
  }

  private static void fails(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }
}
