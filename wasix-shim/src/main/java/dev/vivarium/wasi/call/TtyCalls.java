package dev.vivarium.wasi.call;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;

/** WASIX: the terminal. */
public final class TtyCalls {
  private static final int COLUMNS = 80;
  private static final int ROWS = 25;
  private static final int CELL_WIDTH = 8;
  private static final int CELL_HEIGHT = 16;

  private TtyCalls() {}

  /** A terminal of a size that suits everything, because nobody knows the real one. */
  public static void get(Call call) throws ErrnoException {
    requireTerminal(call);
    call.give(
        COLUMNS,
        ROWS,
        COLUMNS * CELL_WIDTH,
        ROWS * CELL_HEIGHT,
        terminal(call, 0),
        terminal(call, 1),
        terminal(call, 2),
        1,
        1,
        1);
  }

  /** The terminal is the host's, and its modes are not the guest's to set. */
  public static void set(Call call) throws ErrnoException {
    requireTerminal(call);
    throw Errno.EOPNOTSUPP.exception();
  }

  private static void requireTerminal(Call call) throws ErrnoException {
    if (terminal(call, 0) + terminal(call, 1) + terminal(call, 2) == 0) {
      throw Errno.ENOTTY.exception();
    }
  }

  private static int terminal(Call call, int fd) {
    try {
      return DescriptorRights.isTerminal(call.process().descriptors().get(fd)) ? 1 : 0;
    } catch (ErrnoException e) {
      return 0;
    }
  }
}
