package dev.vivarium.conformance.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vivarium.wasi.abi.Rights;

/** The calls of attacks, with texts and results where they belong in the guest's memory. */
final class Calls {
  static final int ROOT = 3;
  static final int CREAT = 1;
  static final int DIRECTORY = 2;
  static final int EXCL = 4;
  static final int TRUNC = 8;
  static final int RESULT = 0x100;
  static final int LIST = 0x1000;
  static final int DATA = 0x2_0000;

  private static final int TEXT = 0x8000;
  private static final int OTHER_TEXT = 0xA000;

  final Guest guest;

  Calls(Guest guest) {
    this.guest = guest;
  }

  /** Opens with all rights; the descriptor is the {@link #result}. */
  String open(int directory, String path, int oflags) {
    return open(directory, path, oflags, Rights.ALL);
  }

  String open(int directory, String path, int oflags, long rights) {
    return guest.call(
        "path_open", directory, 1, put(TEXT, path), path.length(), oflags, rights, -1, 0, RESULT);
  }

  /** A call of a directory and a path. */
  String path(String function, int directory, String path) {
    return guest.call(function, directory, put(TEXT, path), path.length());
  }

  String stat(String path, boolean follow) {
    return guest.call(
        "path_filestat_get", ROOT, follow ? 1 : 0, put(TEXT, path), path.length(), RESULT);
  }

  String setTimes(String path, boolean follow) {
    return guest.call(
        "path_filestat_set_times",
        ROOT,
        follow ? 1 : 0,
        put(TEXT, path),
        path.length(),
        5,
        5,
        1 | 4);
  }

  String readLink(String path) {
    return guest.call("path_readlink", ROOT, put(TEXT, path), path.length(), DATA, 5_000, RESULT);
  }

  String link(String from, boolean follow, String to) {
    return guest.call(
        "path_link",
        ROOT,
        follow ? 1 : 0,
        put(TEXT, from),
        from.length(),
        ROOT,
        put(OTHER_TEXT, to),
        to.length());
  }

  String rename(int fromAt, String from, int toAt, String to) {
    return guest.call(
        "path_rename",
        fromAt,
        put(TEXT, from),
        from.length(),
        toAt,
        put(OTHER_TEXT, to),
        to.length());
  }

  String symlink(String target, String path) {
    return guest.call(
        "path_symlink",
        put(TEXT, target),
        target.length(),
        ROOT,
        put(OTHER_TEXT, path),
        path.length());
  }

  /** Without effect in a guest of preview1, which has no working directory. */
  void changeDirectory(String path) {
    if (guest.imports("chdir")) {
      guest.call("chdir", put(TEXT, path), path.length());
    }
  }

  String write(int fd, int length) {
    list(length);
    return guest.call("fd_write", fd, LIST, 1, RESULT);
  }

  String writeAt(int fd, int length, long offset) {
    list(length);
    return guest.call("fd_pwrite", fd, LIST, 1, offset, RESULT);
  }

  String readAt(int fd, int length, long offset) {
    list(length);
    return guest.call("fd_pread", fd, LIST, 1, offset, RESULT);
  }

  String close(int fd) {
    return guest.call("fd_close", fd);
  }

  /** The first 32 bits that the last call has given. */
  int result() {
    return guest.memory().readInt(RESULT);
  }

  private void list(int length) {
    guest.memory().writeInt(LIST, DATA);
    guest.memory().writeInt(LIST + 4, length);
  }

  private int put(int address, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    guest.memory().write(address, bytes, 0, bytes.length);
    return address;
  }
}
