package dev.vivarium.vfs.posix;

import java.util.Arrays;

/**
 * Who asks: the effective user and group, which decide, the supplementary groups, and the real user
 * and group, which only {@code access(2)} asks for. Immutable.
 */
public final class Credentials {
  /** User and group 0, without supplementary groups. */
  public static final Credentials ROOT = new Credentials(0, 0);

  private final int uid;
  private final int gid;
  private final int realUid;
  private final int realGid;
  private final int[] groups;

  /** With real ids that are the effective ones. */
  public Credentials(int uid, int gid, int... groups) {
    this(uid, gid, uid, gid, groups.clone());
  }

  private Credentials(int uid, int gid, int realUid, int realGid, int[] groups) {
    this.uid = uid;
    this.gid = gid;
    this.realUid = realUid;
    this.realGid = realGid;
    this.groups = groups;
  }

  /** The same with other real ids, as set-id programs have them. */
  public Credentials withReal(int otherUid, int otherGid) {
    return new Credentials(uid, gid, otherUid, otherGid, groups);
  }

  /** Those of the real user: what {@code access(2)} decides with. */
  public Credentials real() {
    return uid == realUid && gid == realGid
        ? this
        : new Credentials(realUid, realGid, realUid, realGid, groups);
  }

  public int realUid() {
    return realUid;
  }

  public int realGid() {
    return realGid;
  }

  public int uid() {
    return uid;
  }

  public int gid() {
    return gid;
  }

  /** The supplementary groups: a copy. */
  public int[] groups() {
    return groups.clone();
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
        && realUid == that.realUid
        && realGid == that.realGid
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
