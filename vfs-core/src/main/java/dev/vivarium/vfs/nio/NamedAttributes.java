package dev.vivarium.vfs.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Attributes by name: {@code "size"}, {@code "posix:owner,group"}, {@code "unix:*"}. */
final class NamedAttributes {
  private static final Map<String, Function<VfsFileAttributes, Object>> OWNER =
      Map.of("owner", VfsFileAttributes::owner);

  private static final Map<String, Function<VfsFileAttributes, Object>> BASIC =
      Map.of(
          "lastModifiedTime", VfsFileAttributes::lastModifiedTime,
          "lastAccessTime", VfsFileAttributes::lastAccessTime,
          "creationTime", VfsFileAttributes::creationTime,
          "size", VfsFileAttributes::size,
          "isRegularFile", VfsFileAttributes::isRegularFile,
          "isDirectory", VfsFileAttributes::isDirectory,
          "isSymbolicLink", VfsFileAttributes::isSymbolicLink,
          "isOther", VfsFileAttributes::isOther,
          "fileKey", VfsFileAttributes::fileKey);

  private static final Map<String, Function<VfsFileAttributes, Object>> POSIX =
      joined(
          joined(BASIC, OWNER),
          Map.of(
              "permissions", VfsFileAttributes::permissions,
              "group", VfsFileAttributes::group));

  private static final Map<String, Function<VfsFileAttributes, Object>> UNIX =
      joined(
          POSIX,
          Map.of(
              "mode", attributes -> attributes.stat().mode(),
              "ino", attributes -> attributes.stat().ino(),
              "dev", attributes -> attributes.stat().dev(),
              "rdev", attributes -> attributes.stat().rdev(),
              "nlink", attributes -> (int) attributes.stat().nlink(),
              "uid", attributes -> attributes.stat().uid(),
              "gid", attributes -> attributes.stat().gid(),
              "ctime", VfsFileAttributes::changeTime));

  private static final Map<String, Map<String, Function<VfsFileAttributes, Object>>> VIEWS =
      Map.of("basic", BASIC, "owner", OWNER, "posix", POSIX, "unix", UNIX);

  private static final String USER = "user:";

  private NamedAttributes() {}

  private static <V> Map<String, V> joined(Map<String, V> some, Map<String, V> more) {
    var all = new LinkedHashMap<>(some);
    all.putAll(more);
    return all;
  }

  private static Map<String, Function<VfsFileAttributes, Object>> view(String name) {
    var view = VIEWS.get(name);
    if (view == null) {
      throw new UnsupportedOperationException("View '" + name + "' not available");
    }
    return view;
  }

  /**
   * See {@link java.nio.file.spi.FileSystemProvider#readAttributes(java.nio.file.Path, String)}.
   */
  static Map<String, Object> read(FileRef file, String attributes, boolean follow)
      throws IOException {
    int colon = attributes.indexOf(':');
    if (attributes.startsWith(USER)) {
      return readUser(new UserAttributes(file, follow), attributes.substring(colon + 1));
    }
    var view = view(colon < 0 ? "basic" : attributes.substring(0, colon));
    var wanted = new LinkedHashMap<String, Function<VfsFileAttributes, Object>>();
    for (var name : attributes.substring(colon + 1).split(",", -1)) {
      if (name.equals("*")) {
        wanted.putAll(view);
      } else {
        wanted.put(name, require(view, name));
      }
    }
    var values = new LinkedHashMap<String, Object>();
    var all = file.attributes(follow);
    wanted.forEach((name, getter) -> values.put(name, getter.apply(all)));
    return values;
  }

  private static Map<String, Object> readUser(UserAttributes view, String attributes)
      throws IOException {
    var values = new LinkedHashMap<String, Object>();
    for (var name : attributes.split(",", -1)) {
      for (var each : name.equals("*") ? view.list() : List.of(name)) {
        values.put(each, view.get(each));
      }
    }
    return values;
  }

  private static Function<VfsFileAttributes, Object> require(
      Map<String, Function<VfsFileAttributes, Object>> view, String name) {
    var getter = view.get(name);
    if (getter == null) {
      throw new IllegalArgumentException("'" + name + "' not recognized");
    }
    return getter;
  }

  /** See {@link java.nio.file.spi.FileSystemProvider#setAttribute}. */
  static void set(FileRef file, String attribute, Object value, boolean follow) throws IOException {
    int colon = attribute.indexOf(':');
    if (attribute.startsWith(USER)) {
      var content = value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : (ByteBuffer) value;
      new UserAttributes(file, follow).write(attribute.substring(colon + 1), content.duplicate());
      return;
    }
    String viewName = colon < 0 ? "basic" : attribute.substring(0, colon);
    String name = attribute.substring(colon + 1);
    require(view(viewName), name);
    if (value == null) {
      throw new NullPointerException("value");
    }
    var view = new AttributeViews.View(file, follow, viewName);
    switch (name) {
      case "lastModifiedTime" -> view.setTimes((FileTime) value, null, null);
      case "lastAccessTime" -> view.setTimes(null, (FileTime) value, null);
      case "creationTime" -> view.setTimes(null, null, (FileTime) value);
      case "owner" -> view.setOwner((UserPrincipal) value);
      case "group" -> view.setGroup((GroupPrincipal) value);
      case "permissions" -> view.setPermissions(permissions(value));
      case "mode" -> file.changeMode((Integer) value, follow);
      case "uid" -> file.changeOwner((Integer) value, -1, follow);
      case "gid" -> file.changeOwner(-1, (Integer) value, follow);
      default -> throw new IllegalArgumentException("'" + name + "' cannot be set");
    }
  }

  private static Set<PosixFilePermission> permissions(Object value) {
    // Whoever gives a set of something else gets the ClassCastException that the contract names.
    return FilePermissions.of(FilePermissions.mode((Set<?>) value));
  }
}
