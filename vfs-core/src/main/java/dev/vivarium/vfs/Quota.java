package dev.vivarium.vfs;

/**
 * The limits of a filesystem in memory. What a limit counts is charged before memory is taken, and
 * a call that would break one fails with nothing changed.
 *
 * @param bytes content, in whole pages, and the text of symbolic links: ENOSPC
 * @param inodes inodes, and names beyond an inode's first: ENOSPC
 * @param userBytes as {@code bytes}, for each user but root: EDQUOT
 * @param userInodes as {@code inodes}, for each user but root: EDQUOT
 * @param openFiles open file descriptions in all: ENFILE
 * @param directoryEntries entries of one directory: ENOSPC
 * @param depth nesting of directories below the root: ENOSPC
 */
public record Quota(
    long bytes,
    long inodes,
    long userBytes,
    long userInodes,
    int openFiles,
    int directoryEntries,
    int depth) {

  /** 1 GiB, 1,048,576 inodes, no limits per user, 65,536 open files, no further limits. */
  public static final Quota DEFAULT =
      new Quota(
          1L << 30,
          1L << 20,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          1 << 16,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE);

  /** No limit but the JVM's heap. For trusted content, such as an image that is being loaded. */
  public static final Quota UNLIMITED =
      new Quota(
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE);

  public Quota withBytes(long limit) {
    return new Quota(limit, inodes, userBytes, userInodes, openFiles, directoryEntries, depth);
  }

  public Quota withInodes(long limit) {
    return new Quota(bytes, limit, userBytes, userInodes, openFiles, directoryEntries, depth);
  }

  /** Limits for each user but root. */
  public Quota withUser(long byteLimit, long inodeLimit) {
    return new Quota(bytes, inodes, byteLimit, inodeLimit, openFiles, directoryEntries, depth);
  }

  public Quota withOpenFiles(int limit) {
    return new Quota(bytes, inodes, userBytes, userInodes, limit, directoryEntries, depth);
  }

  public Quota withDirectoryEntries(int limit) {
    return new Quota(bytes, inodes, userBytes, userInodes, openFiles, limit, depth);
  }

  public Quota withDepth(int limit) {
    return new Quota(bytes, inodes, userBytes, userInodes, openFiles, directoryEntries, limit);
  }
}
