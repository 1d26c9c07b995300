package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.open.OpenFiles;
import dev.vivarium.vfs.open.Pipe;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.FileSystemStat;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.TimeChange;
import java.util.function.LongSupplier;

/**
 * The inode of a pipe. It can be changed as those in the tree; its times do not tell of reading and
 * writing, as those of Linux since 6.15.
 */
public final class PipeFileSystem extends AnonymousFileSystem {
  // The filesystem of pipes has no mount; see MountTable.
  private static final long DEVICE = 14;

  private final LongSupplier clock;
  private volatile PipeNode node;
  private FileDescription anyEnd;

  private record PipeNode(long ino, int mode, int uid, int gid, long atime, long mtime, long ctime)
      implements Node {}

  private PipeFileSystem(LongSupplier clock, long ino, Credentials owner) {
    super(DEVICE);
    this.clock = clock;
    int mode = FileType.FIFO.bits() | 0600;
    long now = clock.getAsLong();
    node = new PipeNode(ino, mode, owner.uid(), owner.gid(), now, now, now);
  }

  /**
   * {@code pipe2(2)}: makes a pipe with both ends open. Needs no lock.
   *
   * @param ino the number of its inode, which no other pipe of the table has
   * @param flags O_NONBLOCK or 0
   * @param pipes counts it
   * @param clock the time, in nanoseconds since the epoch
   * @throws ErrnoException ENFILE if there are too many pipes
   */
  public static Pipe pipe(
      MountTable table, long ino, int flags, Credentials who, OpenFiles pipes, LongSupplier clock)
      throws ErrnoException {
    var inode = new PipeFileSystem(clock, ino, who);
    var mount = table.detached(inode);
    var forReader = new MountedNode(mount, ino, who, false);
    var forWriter = new MountedNode(mount, ino, who, false);
    // What is counted comes last: there is nobody to take it back.
    var pipe = new Pipe(flags, inode::stat, pipes);
    inode.anyEnd = pipe.reader();
    pipe.reader().openedAt(forReader);
    pipe.writer().openedAt(forWriter);
    return pipe;
  }

  @Override
  public Node root() {
    return node;
  }

  @Override
  Stat stat() {
    var n = node;
    return new Stat(DEVICE, n.ino, n.mode, 1, n.uid, n.gid, 0, 0, 0, n.atime, n.mtime, n.ctime);
  }

  @Override
  public FileDescription open(Node pipe, int flags, Credentials who) throws ErrnoException {
    return anyEnd.reopen(flags);
  }

  @Override
  public void changeMode(Node pipe, int mode) {
    changeOwner(pipe, -1, -1, mode);
  }

  @Override
  public void changeOwner(Node pipe, int uid, int gid, int mode) {
    var n = node;
    node =
        new PipeNode(
            n.ino,
            (n.mode & ~FileMode.ALL) | mode,
            uid == -1 ? n.uid : uid,
            gid == -1 ? n.gid : gid,
            n.atime,
            n.mtime,
            clock.getAsLong());
  }

  @Override
  public void setTimes(Node pipe, TimeChange access, TimeChange modification) {
    var n = node;
    long now = clock.getAsLong();
    node =
        new PipeNode(
            n.ino,
            n.mode,
            n.uid,
            n.gid,
            access.appliedTo(n.atime, now),
            modification.appliedTo(n.mtime, now),
            now);
  }

  @Override
  public FileSystemStat statFileSystem() {
    return new FileSystemStat(Stat.BLOCK_SIZE, 0, 0, 0, 0, 0);
  }
}
