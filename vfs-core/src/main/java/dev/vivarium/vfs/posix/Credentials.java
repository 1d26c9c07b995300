package dev.vivarium.vfs.posix;

import java.util.Arrays;

/** Who asks: the effective user and group, and the supplementary groups. Immutable. */
public final class Credentials {
  /** User and group 0, without supplementary groups. */
  public static final Credentials ROOT = new Credentials(0, 0);

  private final int uid;
  private final int gid;
  private final int[] groups;

  public Credentials(int uid, int gid, int... groups) {
    this.uid = uid;
    this.gid = gid;
    this.groups = groups.clone();
  }

  public int uid() {
    return uid;
  }

  public int gid() {
    return gid;
  }

  /** Whether permission checks are waived, as by {@code CAP_DAC_OVERRIDE} and its like. */
  public boolean isRoot() {
    return uid == 0;
  }

  /** Whether {@code gid} is the group, or one of the supplementary groups. */
  public boolean inGroup(int candidate) {
    if (candidate == gid) {
      return true;
    }
    for (int group : groups) {
      if (group == candidate) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Credentials that
        && uid == that.uid
        && gid == that.gid
        && Arrays.equals(groups, that.groups);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * uid + gid) + Arrays.hashCode(groups);
  }

  @Override
  public String toString() {
    return uid + ":" + gid + (groups.length == 0 ? "" : Arrays.toString(groups));
  }
}
