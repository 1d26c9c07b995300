package dev.vivarium.image.oci;

/**
 * How much of a box that anybody may have made is taken.
 *
 * @param bytes of all layers together when they are not compressed, and of each
 * @param members of all archives together
 * @param devices whether device nodes are allowed
 */
public record Limits(long bytes, long members, boolean devices) {

  /** 8 GiB, 2,097,152 members, no device nodes. */
  public static final Limits DEFAULT = new Limits(8L << 30, 1L << 21, false);

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
