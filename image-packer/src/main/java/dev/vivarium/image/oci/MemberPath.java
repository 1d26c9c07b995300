package dev.vivarium.image.oci;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The path of a member of an archive, relative to the root of the box: names without dots. */
final class MemberPath {
  /** The most bytes of a path, without the zero that ends it elsewhere. */
  static final int MOST_BYTES = 4095;

  private final List<byte[]> names;

  private MemberPath(List<byte[]> names) {
    this.names = names;
  }

  /**
   * Where a member is.
   *
   * @throws BoxFormatException if it is absolute, leaves the root, or is no path
   */
  static MemberPath of(TarEntry entry) throws BoxFormatException {
    return parse(entry, entry.name(), "its name");
  }

  /** Where the file is that a hard link is another name of. */
  static MemberPath ofLink(TarEntry entry) throws BoxFormatException {
    var path = parse(entry, entry.link(), "its link");
    if (path.isRoot()) {
      throw LayerReader.refused(entry, "it is another name of the root");
    }
    return path;
  }

  private static MemberPath parse(TarEntry entry, byte[] path, String what)
      throws BoxFormatException {
    if (path.length == 0 || path.length > MOST_BYTES) {
      throw LayerReader.refused(entry, what + " is empty, or too long");
    }
    if (path[0] == '/') {
      throw LayerReader.refused(entry, what + " is absolute");
    }
    var names = new ArrayList<byte[]>();
    for (byte[] name : split(path)) {
      if (isDots(name) && name.length == 2) {
        throw LayerReader.refused(entry, what + " has a '..'");
      }
      if (!isDots(name)) {
        names.add(name);
      }
    }
    for (byte b : path) {
      if (b == 0) {
        throw LayerReader.refused(entry, what + " has a byte 0");
      }
    }
    return new MemberPath(names);
  }

  /**
   * Checks where a symbolic link at this path leads. An absolute one begins at the root of the box.
   *
   * @throws BoxFormatException if it climbs above the root, or is no path
   */
  void checkTarget(TarEntry entry) throws BoxFormatException {
    byte[] target = entry.link();
    if (target.length == 0 || target.length > MOST_BYTES) {
      throw LayerReader.refused(entry, "its link is empty, or too long");
    }
    if (climbs(names.size(), target)) {
      throw LayerReader.refused(entry, "its link leads out of the root");
    }
  }

  /**
   * Whether the text of a symbolic link goes above the root on its way.
   *
   * @param names how many of them the path of the link has
   */
  static boolean climbs(int names, byte[] link) {
    int depth = link.length > 0 && link[0] == '/' ? 0 : names - 1;
    for (byte[] name : split(link)) {
      if (!isDots(name)) {
        depth++;
      } else if (name.length == 2 && --depth < 0) {
        return true;
      }
    }
    return false;
  }

  /** The names between slashes, but empty ones. */
  static ArrayDeque<byte[]> split(byte[] path) {
    var names = new ArrayDeque<byte[]>();
    int from = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        if (i > from) {
          names.add(Arrays.copyOfRange(path, from, i));
        }
        from = i + 1;
      }
    }
    return names;
  }

  static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  boolean isRoot() {
    return names.isEmpty();
  }

  List<byte[]> parents() {
    return names.subList(0, names.size() - 1);
  }

  byte[] last() {
    return names.get(names.size() - 1);
  }
}
