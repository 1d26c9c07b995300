package dev.vivarium.wasi.abi;

import dev.vivarium.vfs.posix.FileType;

/** The {@code filetype} numbers of preview1. */
public final class WasiFileType {
  public static final int UNKNOWN = 0;
  public static final int BLOCK_DEVICE = 1;
  public static final int CHARACTER_DEVICE = 2;
  public static final int DIRECTORY = 3;
  public static final int REGULAR_FILE = 4;
  public static final int SOCKET_STREAM = 6;
  public static final int SYMBOLIC_LINK = 7;

  private WasiFileType() {}

  /** The number of a type. Preview1 has none for a FIFO. */
  public static int of(FileType type) {
    return switch (type) {
      case FIFO -> UNKNOWN;
      case BLOCK_DEVICE -> BLOCK_DEVICE;
      case CHARACTER_DEVICE -> CHARACTER_DEVICE;
      case DIRECTORY -> DIRECTORY;
      case REGULAR -> REGULAR_FILE;
      case SOCKET -> SOCKET_STREAM;
      case SYMLINK -> SYMBOLIC_LINK;
    };
  }
}
