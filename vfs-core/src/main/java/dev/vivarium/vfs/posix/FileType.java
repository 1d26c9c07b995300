package dev.vivarium.vfs.posix;

/** What an inode is: the {@code S_IFMT} part of a mode. */
public enum FileType {
  FIFO(0010000),
  CHARACTER_DEVICE(0020000),
  DIRECTORY(0040000),
  BLOCK_DEVICE(0060000),
  REGULAR(0100000),
  SYMLINK(0120000),
  SOCKET(0140000);

  private static final FileType[] BY_NIBBLE = new FileType[16];

  static {
    for (var type : values()) {
      BY_NIBBLE[type.bits >> 12] = type;
    }
  }

  private final int bits;

  FileType(int bits) {
    this.bits = bits;
  }

  /** This type's bits in {@code st_mode}. */
  public int bits() {
    return bits;
  }

  /**
   * The type in a mode.
   *
   * @throws IllegalArgumentException if the mode's type bits name none
   */
  public static FileType of(int mode) {
    var type = BY_NIBBLE[(mode >> 12) & 0xF];
    if (type == null) {
      throw new IllegalArgumentException("no file type in mode 0" + Integer.toOctalString(mode));
    }
    return type;
  }
}
