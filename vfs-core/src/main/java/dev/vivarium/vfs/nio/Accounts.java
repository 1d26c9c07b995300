package dev.vivarium.vfs.nio;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.nio.charset.StandardCharsets;
import java.nio.file.ProviderMismatchException;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Arrays;

/**
 * Users and groups: the names that the tree's own {@code /etc/passwd} and {@code /etc/group} give
 * them, as far as the view's user may read those; else their numbers. Guests write these files, so
 * lines that make no sense are skipped, and no more is read than a first part.
 */
final class Accounts extends UserPrincipalLookupService {
  private static final String USERS = "/etc/passwd";
  private static final String GROUPS = "/etc/group";
  private static final int MOST = 1 << 18;

  private final VfsFileSystem fileSystem;

  Accounts(VfsFileSystem fileSystem) {
    this.fileSystem = fileSystem;
  }

  /** A user, which is who has the number, whatever it is called. */
  private static class User implements UserPrincipal {
    final int id;
    private final String name;

    User(int id, String name) {
      this.id = id;
      this.name = name;
    }

    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean equals(Object other) {
      return other != null && other.getClass() == getClass() && ((User) other).id == id;
    }

    @Override
    public int hashCode() {
      return id;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final class Group extends User implements GroupPrincipal {
    Group(int id, String name) {
      super(id, name);
    }
  }

  UserPrincipal user(int uid) {
    return new User(uid, name(USERS, uid));
  }

  GroupPrincipal group(int gid) {
    return new Group(gid, name(GROUPS, gid));
  }

  static int uid(UserPrincipal user) {
    if (user == null) {
      throw new NullPointerException("owner");
    }
    if (!(user instanceof User own)) {
      throw new ProviderMismatchException();
    }
    if (own instanceof Group) {
      throw new IllegalArgumentException(user + " is a group");
    }
    return own.id;
  }

  static int gid(GroupPrincipal group) {
    if (group == null) {
      throw new NullPointerException("group");
    }
    if (!(group instanceof Group own)) {
      throw new ProviderMismatchException();
    }
    return own.id;
  }

  @Override
  public UserPrincipal lookupPrincipalByName(String name) throws UserPrincipalNotFoundException {
    return new User(id(USERS, name), name);
  }

  @Override
  public GroupPrincipal lookupPrincipalByGroupName(String name)
      throws UserPrincipalNotFoundException {
    return new Group(id(GROUPS, name), name);
  }

  private String name(String file, int id) {
    for (var line : lines(file)) {
      var fields = line.split(":", 4);
      if (fields.length > 2
          && !fields[0].isEmpty()
          && Integer.toUnsignedString(id).equals(fields[2])) {
        return fields[0];
      }
    }
    return Integer.toUnsignedString(id);
  }

  private int id(String file, String name) throws UserPrincipalNotFoundException {
    for (var line : lines(file)) {
      var fields = line.split(":", 4);
      if (fields.length > 2 && fields[0].equals(name) && isId(fields[2])) {
        return Integer.parseUnsignedInt(fields[2]);
      }
    }
    if (isId(name)) {
      return Integer.parseUnsignedInt(name);
    }
    throw new UserPrincipalNotFoundException(name);
  }

  /** Whether a text is a number that an id can have; the highest one means none. */
  private static boolean isId(String text) {
    return text.matches("[0-9]{1,10}") && Long.parseLong(text) < 0xFFFF_FFFFL;
  }

  private String[] lines(String file) {
    var vfs = fileSystem.vfs();
    var context = fileSystem.context();
    try {
      int flags = OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK;
      byte[] path = file.getBytes(StandardCharsets.US_ASCII);
      var opened = vfs.open(context, context.root(), path, flags, 0);
      try {
        return PathText.decode(read(opened)).split("\n");
      } finally {
        opened.release();
      }
    } catch (ErrnoException e) {
      return new String[0];
    }
  }

  private static byte[] read(FileDescription file) throws ErrnoException {
    var content = new byte[(int) Math.min(MOST, file.stat().size())];
    int length = 0;
    for (int n = -1; n != 0 && length < content.length; length += n) {
      n = file.pread(content, length, content.length - length, length);
    }
    return Arrays.copyOf(content, length);
  }
}
