package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.posix.OpenFlags;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * What open options mean.
 *
 * @param flags of {@code open(2)}
 * @param deleteOnClose whether the name goes as soon as the file is open
 */
record OpenMode(int flags, boolean deleteOnClose) {

  /**
   * Options as {@link java.nio.file.Files#newByteChannel} defines them.
   *
   * @throws IllegalArgumentException if they contradict each other
   * @throws UnsupportedOperationException for an option of somebody else's
   */
  static OpenMode of(Set<? extends OpenOption> options) {
    boolean read = false;
    boolean write = false;
    boolean append = false;
    boolean truncate = false;
    boolean create = false;
    boolean createNew = false;
    boolean delete = false;
    int flags = 0;
    for (OpenOption option : options) {
      if (option == LinkOption.NOFOLLOW_LINKS) {
        flags |= OpenFlags.O_NOFOLLOW;
        continue;
      }
      if (!(option instanceof StandardOpenOption standard)) {
        if (option == null) {
          throw new NullPointerException("option");
        }
        throw new UnsupportedOperationException(option + " is not supported");
      }
      switch (standard) {
        case READ -> read = true;
        case WRITE -> write = true;
        case APPEND -> append = true;
        case TRUNCATE_EXISTING -> truncate = true;
        case CREATE -> create = true;
        case CREATE_NEW -> createNew = true;
        case DELETE_ON_CLOSE -> delete = true;
        case SYNC -> flags |= OpenFlags.O_SYNC;
        case DSYNC -> flags |= OpenFlags.O_DSYNC;
        case SPARSE -> {
          // Every file is.
        }
      }
    }
    if (read && append) {
      throw new IllegalArgumentException("READ + APPEND not allowed");
    }
    if (append && truncate) {
      throw new IllegalArgumentException("APPEND + TRUNCATE_EXISTING not allowed");
    }
    write |= append;
    if (write) {
      flags |= read ? OpenFlags.O_RDWR : OpenFlags.O_WRONLY;
      flags |= append ? OpenFlags.O_APPEND : 0;
      flags |= truncate ? OpenFlags.O_TRUNC : 0;
      flags |= create ? OpenFlags.O_CREAT : 0;
      flags |= createNew ? OpenFlags.O_CREAT | OpenFlags.O_EXCL : 0;
    }
    // Nobody's link is to lead to the removal of a file elsewhere.
    flags |= delete ? OpenFlags.O_NOFOLLOW : 0;
    return new OpenMode(flags, delete);
  }

  boolean readable() {
    return OpenFlags.readable(flags);
  }

  boolean writable() {
    return OpenFlags.writable(flags);
  }

  boolean append() {
    return (flags & OpenFlags.O_APPEND) != 0;
  }
}
