package dev.vivarium.vfs;

/**
 * The limits of a filesystem in memory. What a limit counts is charged before memory is taken, and
 * a call that would break one fails with nothing changed. No limit is negative; one of 0 allows
 * nothing.
 *
 * @param bytes content, in whole pages, the text of symbolic links and extended attributes: ENOSPC
 * @param inodes inodes, and names beyond an inode's first: ENOSPC
 * @param userBytes as {@code bytes}, for each user but root: EDQUOT
 * @param userInodes as {@code inodes}, for each user but root: EDQUOT
 * @param openFiles open file descriptions in all: ENFILE
 * @param directoryEntries entries of one directory: ENOSPC
 * @param depth nesting of directories below the root: ENOSPC
 * @param xattrBytes extended attributes of one inode, which count as {@code bytes} too: ENOSPC
 * @param pipes pipes and open FIFOs, each of which may take 64 KiB: ENFILE
 * @param locks locks on files, of all kinds: ENOLCK
 */
public record Quota(
    long bytes,
    long inodes,
    long userBytes,
    long userInodes,
    int openFiles,
    int directoryEntries,
    int depth,
    long xattrBytes,
    int pipes,
    int locks) {

  /**
   * 1 GiB, 1,048,576 inodes, no limits per user, 65,536 open files, 1 MiB of extended attributes
   * for an inode, 1,024 pipes, 65,536 locks, no further limits.
   */
  public static final Quota DEFAULT =
      new Quota(
          1L << 30,
          1L << 20,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          1 << 16,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          1L << 20,
          1 << 10,
          1 << 16);

  /** No limit but the JVM's heap. For trusted content, such as an image that is being loaded. */
  public static final Quota UNLIMITED =
      new Quota(
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE);

  public Quota {
    if (bytes < 0
        || inodes < 0
        || userBytes < 0
        || userInodes < 0
        || openFiles < 0
        || directoryEntries < 0
        || depth < 0
        || xattrBytes < 0
        || pipes < 0
        || locks < 0) {
      throw new IllegalArgumentException("a limit is not negative");
    }
  }

  public Quota withBytes(long limit) {
    return new Quota(
        limit,
        inodes,
        userBytes,
        userInodes,
        openFiles,
        directoryEntries,
        depth,
        xattrBytes,
        pipes,
        locks);
  }

  public Quota withInodes(long limit) {
    return new Quota(
        bytes,
        limit,
        userBytes,
        userInodes,
        openFiles,
        directoryEntries,
        depth,
        xattrBytes,
        pipes,
        locks);
  }

  /** Limits for each user but root. */
  public Quota withUser(long byteLimit, long inodeLimit) {
    return new Quota(
        bytes,
        inodes,
        byteLimit,
        inodeLimit,
        openFiles,
        directoryEntries,
        depth,
        xattrBytes,
        pipes,
        locks);
  }

  public Quota withOpenFiles(int limit) {
    return new Quota(
        bytes,
        inodes,
        userBytes,
        userInodes,
        limit,
        directoryEntries,
        depth,
        xattrBytes,
        pipes,
        locks);
  }

  public Quota withDirectoryEntries(int limit) {
    return new Quota(
        bytes, inodes, userBytes, userInodes, openFiles, limit, depth, xattrBytes, pipes, locks);
  }

  public Quota withDepth(int limit) {
    return new Quota(
        bytes,
        inodes,
        userBytes,
        userInodes,
        openFiles,
        directoryEntries,
        limit,
        xattrBytes,
        pipes,
        locks);
  }

  public Quota withXattrBytes(long limit) {
    return new Quota(
        bytes,
        inodes,
        userBytes,
        userInodes,
        openFiles,
        directoryEntries,
        depth,
        limit,
        pipes,
        locks);
  }

  public Quota withPipes(int limit) {
    return new Quota(
        bytes,
        inodes,
        userBytes,
        userInodes,
        openFiles,
        directoryEntries,
        depth,
        xattrBytes,
        limit,
        locks);
  }

  public Quota withLocks(int limit) {
    return new Quota(
        bytes,
        inodes,
        userBytes,
        userInodes,
        openFiles,
        directoryEntries,
        depth,
        xattrBytes,
        pipes,
        limit);
  }
}
