package dev.vivarium.wasi.abi;

import static dev.vivarium.wasi.abi.Kind.BOOL;
import static dev.vivarium.wasi.abi.Kind.CLOCKID;
import static dev.vivarium.wasi.abi.Kind.DEVICE;
import static dev.vivarium.wasi.abi.Kind.DIRCOOKIE;
import static dev.vivarium.wasi.abi.Kind.ERRNO;
import static dev.vivarium.wasi.abi.Kind.EVENTRWFLAGS;
import static dev.vivarium.wasi.abi.Kind.EVENTTYPE;
import static dev.vivarium.wasi.abi.Kind.FDFLAGS;
import static dev.vivarium.wasi.abi.Kind.FILESIZE;
import static dev.vivarium.wasi.abi.Kind.FILETYPE;
import static dev.vivarium.wasi.abi.Kind.INODE;
import static dev.vivarium.wasi.abi.Kind.RIGHTS;
import static dev.vivarium.wasi.abi.Kind.SIZE;
import static dev.vivarium.wasi.abi.Kind.SUBCLOCKFLAGS;
import static dev.vivarium.wasi.abi.Kind.TIMESTAMP;
import static dev.vivarium.wasi.abi.Kind.U32;
import static dev.vivarium.wasi.abi.Kind.U64;
import static dev.vivarium.wasi.abi.Kind.U8;

/** The structs of preview1, of its predecessor snapshot 0 where they differ, and of WASIX. */
public final class Layouts {

  /** {@code fdstat}, 24 bytes. */
  public static final Layout FDSTAT =
      Layout.struct("fdstat")
          .with("filetype", FILETYPE)
          .with("flags", FDFLAGS)
          .with("rights_base", RIGHTS)
          .with("rights_inheriting", RIGHTS)
          .build();

  /** {@code filestat}, 64 bytes. */
  public static final Layout FILESTAT = filestat(U64);

  /** {@code filestat} of snapshot 0, 56 bytes: fewer links could be counted then. */
  public static final Layout FILESTAT0 = filestat(U32);

  /** {@code prestat}, 8 bytes; tag 0 is a directory, and there is no other. */
  public static final Layout PRESTAT =
      Layout.struct("prestat").with("tag", U8).with("name_len", SIZE).build();

  /** {@code dirent}, 24 bytes, before the entry's name. */
  public static final Layout DIRENT =
      Layout.struct("dirent")
          .with("next", DIRCOOKIE)
          .with("ino", INODE)
          .with("namlen", SIZE)
          .with("type", FILETYPE)
          .build();

  /**
   * {@code subscription} with a clock, 48 bytes; the others have their {@code fd} at {@code id}.
   */
  public static final Layout SUBSCRIPTION =
      Layout.struct("subscription")
          .with("userdata", U64)
          .with("type", EVENTTYPE)
          .align(8)
          .with("id", CLOCKID)
          .with("timeout", TIMESTAMP)
          .with("precision", TIMESTAMP)
          .with("flags", SUBCLOCKFLAGS)
          .build();

  /** {@code subscription} of snapshot 0, 56 bytes: clocks have an identifier of their own. */
  public static final Layout SUBSCRIPTION0 =
      Layout.struct("subscription")
          .with("userdata", U64)
          .with("type", EVENTTYPE)
          .with("identifier", U64)
          .with("id", CLOCKID)
          .with("timeout", TIMESTAMP)
          .with("precision", TIMESTAMP)
          .with("flags", SUBCLOCKFLAGS)
          .build();

  /** {@code event}, 32 bytes. */
  public static final Layout EVENT =
      Layout.struct("event")
          .with("userdata", U64)
          .with("error", ERRNO)
          .with("type", EVENTTYPE)
          .align(8)
          .with("nbytes", FILESIZE)
          .with("flags", EVENTRWFLAGS)
          .build();

  /** {@code tty} of WASIX, 24 bytes. */
  public static final Layout TTY =
      Layout.struct("tty")
          .with("cols", U32)
          .with("rows", U32)
          .with("width", U32)
          .with("height", U32)
          .with("stdin_tty", BOOL)
          .with("stdout_tty", BOOL)
          .with("stderr_tty", BOOL)
          .with("echo", BOOL)
          .with("line_buffered", BOOL)
          .with("line_feeds", BOOL)
          .build();

  /** {@code option_timestamp} of WASIX, 16 bytes; tag 0 is none, 1 is some. */
  public static final Layout OPTION_TIMESTAMP =
      Layout.struct("option_timestamp").with("tag", U8).with("value", TIMESTAMP).build();

  private Layouts() {}

  private static Layout filestat(Kind links) {
    return Layout.struct("filestat")
        .with("dev", DEVICE)
        .with("ino", INODE)
        .with("filetype", FILETYPE)
        .with("nlink", links)
        .with("size", FILESIZE)
        .with("atim", TIMESTAMP)
        .with("mtim", TIMESTAMP)
        .with("ctim", TIMESTAMP)
        .build();
  }
}
