package dev.vivarium.vfs.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * The extended attributes of an inode, by name. Immutable, so that snapshots and copies share it.
 */
final class Xattrs {
  // What an attribute takes beyond its name and value, about.
  private static final int OVERHEAD = 64;

  // As Linux lists them: descending.
  private static final Comparator<byte[]> ORDER = (a, b) -> Arrays.compareUnsigned(b, a);

  final long epoch;
  private final byte[][] names;
  private final byte[][] values;
  private final long bytes;

  private Xattrs(long epoch, TreeMap<byte[], byte[]> attributes) {
    this.epoch = epoch;
    names = attributes.keySet().toArray(new byte[0][]);
    values = attributes.values().toArray(new byte[0][]);
    long sum = 0;
    for (int i = 0; i < names.length; i++) {
      sum += OVERHEAD + names[i].length + values[i].length;
    }
    bytes = sum;
  }

  /** What is charged for it. */
  long bytes() {
    return bytes;
  }

  /** The value of a name, not to be changed, or null. */
  byte[] get(byte[] name) {
    int at = Arrays.binarySearch(names, name, ORDER);
    return at < 0 ? null : values[at];
  }

  List<byte[]> names() {
    var copy = new ArrayList<byte[]>(names.length);
    for (byte[] name : names) {
      copy.add(name.clone());
    }
    return copy;
  }

  /**
   * These attributes with another one, or with another value.
   *
   * @param before null for none
   */
  static Xattrs with(Xattrs before, byte[] name, byte[] value, long epoch) {
    var attributes = map(before);
    attributes.put(name, value);
    return new Xattrs(epoch, attributes);
  }

  /** These attributes without one; null if none is left. */
  Xattrs without(byte[] name, long itsEpoch) {
    var attributes = map(this);
    attributes.remove(name);
    return attributes.isEmpty() ? null : new Xattrs(itsEpoch, attributes);
  }

  private static TreeMap<byte[], byte[]> map(Xattrs xattrs) {
    var map = new TreeMap<byte[], byte[]>(ORDER);
    for (int i = 0; xattrs != null && i < xattrs.names.length; i++) {
      map.put(xattrs.names[i], xattrs.values[i]);
    }
    return map;
  }

  static boolean same(Xattrs a, Xattrs b) {
    if (a == b) {
      return true;
    }
    return a != null
        && b != null
        && Arrays.deepEquals(a.names, b.names)
        && Arrays.deepEquals(a.values, b.values);
  }
}
