package dev.vivarium.vfs.posix;

import java.util.Objects;

/**
 * How a filesystem is mounted: the options of {@code mount(8)} that mean something here. There are
 * never device nodes to be had by accident, nor programs that run with somebody else's rights;
 * {@code nosuid} is only told.
 *
 * @param readOnly {@code ro}: every change is EROFS
 * @param noExec {@code noexec}: regular files are not executable, whatever their mode says
 * @param noSuid {@code nosuid}: set-id bits are not honoured
 * @param accessTimes when reading notes the time of access; only where that is in our hand, in
 *     memory
 * @param bytes {@code size=} of a filesystem in memory; {@link #AS_QUOTA} for the limit of the root
 *     filesystem
 * @param inodes {@code nr_inodes=} of a filesystem in memory; {@link #AS_QUOTA}
 */
public record MountOptions(
    boolean readOnly,
    boolean noExec,
    boolean noSuid,
    AccessTimes accessTimes,
    long bytes,
    long inodes) {
  /** A limit that is not given: as much as the root filesystem may have. */
  public static final long AS_QUOTA = -1;

  /** {@code rw,relatime}. */
  public static final MountOptions DEFAULT =
      new MountOptions(false, false, false, AccessTimes.RELATIVE, AS_QUOTA, AS_QUOTA);

  /** {@code ro,relatime}. */
  public static final MountOptions READ_ONLY = DEFAULT.withReadOnly(true);

  public MountOptions {
    Objects.requireNonNull(accessTimes);
    if (bytes < AS_QUOTA || inodes < AS_QUOTA) {
      throw new IllegalArgumentException("a limit is not negative");
    }
  }

  public MountOptions withReadOnly(boolean choice) {
    return new MountOptions(choice, noExec, noSuid, accessTimes, bytes, inodes);
  }

  public MountOptions withNoExec(boolean choice) {
    return new MountOptions(readOnly, choice, noSuid, accessTimes, bytes, inodes);
  }

  public MountOptions withNoSuid(boolean choice) {
    return new MountOptions(readOnly, noExec, choice, accessTimes, bytes, inodes);
  }

  public MountOptions withAccessTimes(AccessTimes choice) {
    return new MountOptions(readOnly, noExec, noSuid, choice, bytes, inodes);
  }

  public MountOptions withBytes(long limit) {
    return new MountOptions(readOnly, noExec, noSuid, accessTimes, limit, inodes);
  }

  public MountOptions withInodes(long limit) {
    return new MountOptions(readOnly, noExec, noSuid, accessTimes, bytes, limit);
  }

  /** What {@code statvfs(3)} tells of them, as {@link FileSystemStat#flags}. */
  public int flags() {
    return (readOnly ? FileSystemStat.ST_RDONLY : 0)
        | (noExec ? FileSystemStat.ST_NOEXEC : 0)
        | (noSuid ? FileSystemStat.ST_NOSUID : 0)
        | switch (accessTimes) {
          case RELATIVE -> FileSystemStat.ST_RELATIME;
          case NONE -> FileSystemStat.ST_NOATIME;
          case STRICT -> 0;
        };
  }

  /** As {@code /proc/self/mountinfo} has them, without the limits: {@code rw,noexec,relatime}. */
  @Override
  public String toString() {
    return (readOnly ? "ro" : "rw")
        + (noSuid ? ",nosuid" : "")
        + (noExec ? ",noexec" : "")
        + switch (accessTimes) {
          case RELATIVE -> ",relatime";
          case NONE -> ",noatime";
          case STRICT -> "";
        };
  }
}
