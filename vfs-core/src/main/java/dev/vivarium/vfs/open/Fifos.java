package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.tree.Tree;
import java.util.HashMap;
import java.util.Map;

/**
 * The pipes behind the FIFOs of a tree that are open. What is in one is gone with its last
 * description, and no snapshot has it. Guarded by the tree's lock.
 */
public final class Fifos {
  private final Tree tree;
  private final long device;
  private final OpenFiles count;
  private final Map<Long, PipeBuffer> pipes = new HashMap<>();

  /**
   * @param device {@code st_dev}
   * @param count counts the pipes
   */
  public Fifos(Tree tree, long device, OpenFiles count) {
    this.tree = tree;
    this.device = device;
    this.count = count;
  }

  /**
   * Opens a FIFO, whose permissions have been checked. What is opened may still have to {@linkplain
   * FifoDescription#awaitOtherSide wait}.
   *
   * @throws ErrnoException EINVAL for all bits of the access mode; ENXIO for O_WRONLY with
   *     O_NONBLOCK where nobody reads
   */
  public FifoDescription open(long ino, int flags) throws ErrnoException {
    var pipe = pipes.get(ino);
    boolean read = pipe != null && pipe.hasReaders();
    if ((flags & OpenFlags.O_ACCMODE) == OpenFlags.O_ACCMODE) {
      throw Errno.EINVAL.exception();
    }
    boolean onlyWrites = (flags & OpenFlags.O_ACCMODE) == OpenFlags.O_WRONLY;
    if (onlyWrites && (flags & OpenFlags.O_NONBLOCK) != 0 && !read) {
      throw Errno.ENXIO.exception();
    }
    if (pipe == null) {
      pipe = new PipeBuffer(count);
      pipes.put(ino, pipe);
    }
    return new FifoDescription(this, ino, pipe, flags);
  }

  void closed(long ino, PipeBuffer pipe) {
    if (!pipe.isOpen()) {
      pipes.remove(ino);
    }
  }

  Tree tree() {
    return tree;
  }

  long device() {
    return device;
  }
}
