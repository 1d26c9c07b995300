package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.vfs.posix.Stat;
import java.util.function.Supplier;

/** A pipe without a name: {@code pipe(7)}. */
public final class Pipe {
  /** What is written in one piece. */
  public static final int PIPE_BUF = 4096;

  /** What fits in, unless that is changed. */
  public static final int CAPACITY = 65536;

  /** The most that can be made to fit in: {@code /proc/sys/fs/pipe-max-size} of Linux. */
  static final int CAPACITY_MAX = 1 << 20;

  private final End reader;
  private final End writer;

  private static final class End extends PipeEnd {
    private final Supplier<Stat> stat;

    End(PipeBuffer buffer, int flags, Supplier<Stat> stat) {
      super(buffer, flags);
      this.stat = stat;
    }

    @Override
    public Stat stat() {
      return stat.get();
    }

    @Override
    public FileDescription reopen(int flags) throws ErrnoException {
      if ((flags & OpenFlags.O_ACCMODE) == OpenFlags.O_ACCMODE) {
        throw Errno.EINVAL.exception();
      }
      synchronized (pipe) {
        if (!pipe.isOpen()) {
          // Another thread has closed the last end meanwhile.
          throw Errno.ENXIO.exception();
        }
        return new End(pipe, flags, stat);
      }
    }
  }

  /**
   * Makes a pipe with both ends open.
   *
   * @param flags O_NONBLOCK or 0, for both ends
   * @param stat what {@code fstat(2)} says of both
   * @param pipes counts it
   * @throws ErrnoException ENFILE if there are too many pipes
   */
  public Pipe(int flags, Supplier<Stat> stat, OpenFiles pipes) throws ErrnoException {
    int status = flags & OpenFlags.O_NONBLOCK;
    var buffer = new PipeBuffer(pipes);
    reader = new End(buffer, OpenFlags.O_RDONLY | status, stat);
    writer = new End(buffer, OpenFlags.O_WRONLY | status, stat);
  }

  /** The end to read from. */
  public FileDescription reader() {
    return reader;
  }

  /** The end to write to. */
  public FileDescription writer() {
    return writer;
  }
}
