package dev.vivarium.image.oci;

import dev.vivarium.vfs.Quota;

/**
 * How much of a box that anybody may have made is taken.
 *
 * @param bytes of all layers together when they are not compressed, and of each
 * @param members of all archives together
 * @param devices whether device nodes are allowed
 */
public record Limits(long bytes, long members, boolean devices) {
  /**
   * @throws IllegalArgumentException if a number is negative
   */
  public Limits {
    if (bytes < 0 || members < 0) {
      throw new IllegalArgumentException("a limit below 0: " + Math.min(bytes, members));
    }
  }

  /** 8 GiB, 2,097,152 members, no device nodes. */
  public static final Limits DEFAULT = new Limits(8L << 30, 1L << 21, false);

  /** What the tree that layers make may take. */
  Quota quota() {
    return Quota.UNLIMITED.withBytes(bytes).withInodes(members);
  }

  /** The {@link #quota}, in words. */
  String room() {
    return bytes + " bytes or " + members + " files";
  }

  public Limits withBytes(long limit) {
    return new Limits(limit, members, devices);
  }

  public Limits withMembers(long limit) {
    return new Limits(bytes, limit, devices);
  }

  public Limits withDevices(boolean allowed) {
    return new Limits(bytes, members, allowed);
  }
}
