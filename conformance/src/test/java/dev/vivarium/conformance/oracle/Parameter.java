package dev.vivarium.conformance.oracle;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.FileMode;

/** What kind of argument a call takes, and which of them are worth trying. */
enum Parameter {
  /** A descriptor, mostly an open one. */
  FD {
    @Override
    String generate(Choices choose) {
      return String.valueOf(choose.descriptor());
    }
  },
  /** A number for a new descriptor. */
  NEW_FD {
    @Override
    String generate(Choices choose) {
      return choose.chance(8)
          ? choose.of("-1", "31", "32", "1000", "2147483647")
          : String.valueOf(choose.below(12));
    }
  },
  /** Where a relative path starts. */
  AT {
    @Override
    String generate(Choices choose) {
      return String.valueOf(choose.chance(7) ? choose.descriptor() : Process.AT_FDCWD);
    }
  },
  PATH {
    @Override
    String generate(Choices choose) {
      return Text.quote(choose.path());
    }
  },
  /** The text of a symbolic link. */
  TARGET {
    @Override
    String generate(Choices choose) {
      return Text.quote(choose.target());
    }
  },
  OPEN_FLAGS {
    private static final int[] RARE = {
      0200, 0200, 0400, 01000, 01000, 02000, 02000, 010000, 0200000, 0400000, 01000000, 02000000,
      010000000, 020200000, 020200000
    };

    @Override
    String generate(Choices choose) {
      // Not waiting: there is nobody else to wait for.
      int flags = 04000 | choose.below(choose.chance(40) ? 4 : 3);
      if (choose.chance(2)) {
        flags |= 0100;
      }
      for (int i = choose.below(3); i > 0; i--) {
        flags |= RARE[choose.below(RARE.length)];
      }
      return OpenFlag.format(flags);
    }
  },
  STATUS_FLAGS {
    @Override
    String generate(Choices choose) {
      return choose.of("0", "O_APPEND", "O_NONBLOCK", "O_APPEND|O_NONBLOCK", "O_NOATIME", "O_SYNC");
    }
  },
  /** Not waiting, either. */
  PIPE_FLAGS {
    @Override
    String generate(Choices choose) {
      return "O_NONBLOCK";
    }
  },
  MODE {
    @Override
    String generate(Choices choose) {
      int mode =
          choose.chance(4)
              ? choose.below(FileMode.ALL + 1)
              : Integer.parseInt(
                  choose.of(
                      "644", "755", "700", "777", "600", "0", "666", "4755", "2755", "2775", "2745",
                      "1777", "1755", "6777", "555", "770", "711"),
                  8);
      return "0" + Integer.toOctalString(choose.chance(60) ? mode | 0170000 : mode);
    }
  },
  /** A type and permissions; mostly of a FIFO. */
  NODE {
    @Override
    String generate(Choices choose) {
      String type = choose.of("10000", "10000", "10000", "0", "100000", "140000", "20000", "60000");
      int bits = Integer.parseInt(choose.chance(20) ? choose.of("40000", "120000") : type, 8);
      return "0"
          + Integer.toOctalString(bits | (Integer.parseInt(MODE.generate(choose), 8) & 07777));
    }
  },
  DEVICE {
    @Override
    String generate(Choices choose) {
      return choose.of("0", "0", "0x103", "0x12f0034");
    }
  },
  UMASK {
    @Override
    String generate(Choices choose) {
      return choose.of("022", "0", "077", "027", "0777", "07002");
    }
  },
  ACCESS_MASK {
    @Override
    String generate(Choices choose) {
      return String.valueOf(choose.below(choose.chance(20) ? 16 : 8));
    }
  },
  UID {
    @Override
    String generate(Choices choose) {
      return choose.of("-1", "-1", "0", "1000", "1001", "1002", "99999");
    }
  },
  GID {
    @Override
    String generate(Choices choose) {
      return choose.of("-1", "-1", "0", "100", "200", "300", "99999");
    }
  },
  /** How many bytes are read or written. */
  LENGTH {
    @Override
    String generate(Choices choose) {
      return choose.of(
          "0", "1", "5", "100", "100", "1000", "4095", "4096", "4097", "8192", "12289", "40000");
    }
  },
  /** How many buffers, and how long each other one is; the rest is half as long. */
  VECTORS {
    @Override
    String generate(Choices choose) {
      return choose.of(
          "0 100", "1 0", "3 0", "1 100", "2 100", "2 100", "3 1000", "5 1", "2 4096", "3 4097",
          "7 5000", "1024 1", "1024 10", "1025 1", "1025 0");
    }
  },
  /** How many entries of a directory. */
  ENTRIES {
    @Override
    String generate(Choices choose) {
      return choose.of("1", "2", "3", "3", "4", "5", "7");
    }
  },
  /** A path of one component. */
  NAME {
    @Override
    String generate(Choices choose) {
      return choose.of("\"a\"", "\"b\"", "\"c\"", "\"d\"", "\"e\"", "\"...\"");
    }
  },
  DUP_FLAGS {
    @Override
    String generate(Choices choose) {
      return choose.of("0", "O_CLOEXEC", "O_CLOEXEC", choose.of("0", "O_NONBLOCK", "O_APPEND"));
    }
  },
  /** What is written. */
  CONTENT {
    @Override
    String generate(Choices choose) {
      return String.valueOf(choose.below(256));
    }
  },
  OFFSET {
    @Override
    String generate(Choices choose) {
      return choose.chance(8)
          ? choose.of(
              "-1",
              "-4096",
              "1048576",
              "4294967301",
              "1099511627776",
              "9223372036854775807",
              "9223372036854775806",
              "9223372036854771712",
              "9223372036854771711",
              "-9223372036854775808")
          : choose.of(
              "0", "0", "1", "100", "4000", "4095", "4096", "4097", "8191", "8192", "12288",
              "65536");
    }
  },
  /** Of a file, or of a range of it. */
  SIZE {
    @Override
    String generate(Choices choose) {
      return choose.chance(8)
          ? choose.of(
              "-1",
              "1048576",
              "1073741824",
              "1099511627776",
              "9223372036854775807",
              "9223372036854771712",
              "-9223372036854775808")
          : choose.of(
              "0", "1", "50", "4095", "4096", "4097", "5000", "8192", "10000", "12288", "65536");
    }
  },
  WHENCE {
    @Override
    String generate(Choices choose) {
      return choose.of("SET", "SET", "CUR", "END", "DATA", "HOLE");
    }
  },
  TIME {
    @Override
    String generate(Choices choose) {
      return choose.of(
          "now",
          "now",
          "omit",
          "0",
          "1",
          "-1",
          "-1500000000",
          "1000000000000000000",
          "1700000000123456789",
          "4000000000000000000");
    }
  },
  /** Of renameat2: nothing, NOREPLACE, EXCHANGE, both, what is unknown. */
  RENAME_FLAGS {
    @Override
    String generate(Choices choose) {
      return choose.of("0", "0", "0", "1", "2", "2", choose.of("3", "8", "16"));
    }
  },
  /** Of fallocate: mostly nothing, KEEP_SIZE, or PUNCH_HOLE with it. */
  ALLOCATE_MODE {
    @Override
    String generate(Choices choose) {
      return choose.of(
          "0", "0", "0", "1", "1", "3", "3", "3", "2", "0x8", "0x9", "0x10", "0x11", "0x20", "0x40",
          "0x100");
    }
  },
  /** FD_CLOEXEC, or what is none. */
  DESCRIPTOR_FLAGS {
    @Override
    String generate(Choices choose) {
      return choose.of("0", "1", "1", "2", "3");
    }
  },
  /** Of faccessat2. */
  ACCESS_FLAGS {
    @Override
    String generate(Choices choose) {
      return choose.of("0", "0x100", "0x200", "0x300", "0x1000", "0x1200", "0x1", "0x400");
    }
  },
  /** Nothing, CREATE, REPLACE, both, what is unknown. */
  XATTR_FLAGS {
    @Override
    String generate(Choices choose) {
      return choose.of("0", "0", "0", "0", "1", "2", "3", "4");
    }
  },
  /** What a lock allows others. */
  LOCK_TYPE {
    @Override
    String generate(Choices choose) {
      return choose.of("READ", "READ", "WRITE", "WRITE", "NONE");
    }
  },
  /** There are none. */
  COPY_FLAGS {
    @Override
    String generate(Choices choose) {
      return choose.of("0", "0", "0", "0", "0", "0", "1");
    }
  },
  /** How many bytes go into a pipe or come out of it: few, so that there is room. */
  MOVED {
    @Override
    String generate(Choices choose) {
      return choose.of("0", "1", "5", "100", "100", "1000", "4097", "-1");
    }
  },
  /** Never waiting. */
  SPLICE_FLAGS {
    @Override
    String generate(Choices choose) {
      return choose.of("2", "2", "2", "3", "6", "14", "18");
    }
  },
  /** An offset, or {@code own} for the description's. */
  OWN_OFFSET {
    @Override
    String generate(Choices choose) {
      String offset = OFFSET.generate(choose);
      // On our side the least number stands for the description's own offset.
      return choose.chance(2) || Long.decode(offset) == Transfer.OFFSET ? "own" : offset;
    }
  },
  XATTR_NAME {
    @Override
    String generate(Choices choose) {
      return choose.chance(6)
          ? choose.of(
              "\"\"",
              "\"user.\"",
              "\"user\"",
              "\"trusted.a\"",
              "\"security.a\"",
              "\"other.a\"",
              "\"user.%x6e,250;\"",
              "\"user.%x6e,251;\"")
          : choose.of("\"user.a\"", "\"user.a\"", "\"user.b\"", "\"user.c%ff\"");
    }
  },
  XATTR_LENGTH {
    @Override
    String generate(Choices choose) {
      return choose.chance(15)
          ? choose.of("65535", "65536", "65537")
          : choose.of("0", "0", "1", "5", "100", "100", "1000", "4096");
    }
  },
  FOLLOW {
    @Override
    String generate(Choices choose) {
      return choose.of("0", "1", "1");
    }
  };

  abstract String generate(Choices choose);
}
