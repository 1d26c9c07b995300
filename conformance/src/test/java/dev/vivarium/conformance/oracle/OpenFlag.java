package dev.vivarium.conformance.oracle;

import dev.vivarium.vfs.posix.OpenFlags;
import java.util.ArrayList;
import java.util.List;

/** The flags of {@code open(2)} by name; those of several bits before those that they contain. */
enum OpenFlag {
  O_WRONLY(OpenFlags.O_WRONLY),
  O_RDWR(OpenFlags.O_RDWR),
  O_CREAT(OpenFlags.O_CREAT),
  O_EXCL(OpenFlags.O_EXCL),
  O_NOCTTY(OpenFlags.O_NOCTTY),
  O_TRUNC(OpenFlags.O_TRUNC),
  O_APPEND(OpenFlags.O_APPEND),
  O_NONBLOCK(OpenFlags.O_NONBLOCK),
  O_SYNC(OpenFlags.O_SYNC),
  O_DSYNC(OpenFlags.O_DSYNC),
  O_NOFOLLOW(OpenFlags.O_NOFOLLOW),
  O_NOATIME(OpenFlags.O_NOATIME),
  O_TMPFILE(OpenFlags.O_TMPFILE),
  O_DIRECTORY(OpenFlags.O_DIRECTORY),
  O_CLOEXEC(OpenFlags.O_CLOEXEC),
  O_PATH(OpenFlags.O_PATH);

  private final int bits;

  OpenFlag(int bits) {
    this.bits = bits;
  }

  static int parse(String names) {
    int flags = 0;
    if (!names.equals("0")) {
      for (String name : names.split("\\|")) {
        flags |= valueOf(name).bits;
      }
    }
    return flags;
  }

  static String format(int flags) {
    List<String> names = new ArrayList<>();
    int left = flags;
    for (OpenFlag flag : values()) {
      if ((left & flag.bits) == flag.bits) {
        names.add(flag.name());
        left &= ~flag.bits;
      }
    }
    return names.isEmpty() ? "0" : String.join("|", names);
  }
}
