package dev.vivarium.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The users and groups of a guest, from its {@code /etc/passwd} and {@code /etc/group}. Lines that
 * are not as passwd(5) and group(5) have them are passed over, as libc does.
 */
public final class Accounts {
  private final List<String[]> users;
  private final List<String[]> groups;

  /** Someone to run a guest as, and where their home is. */
  public record Account(Credentials credentials, String home) {}

  private Accounts(List<String[]> users, List<String[]> groups) {
    this.users = users;
    this.groups = groups;
  }

  /** Those of a tree. Without these files there, only numbers can be found. */
  public static Accounts of(Vfs vfs) throws ErrnoException {
    return new Accounts(lines(vfs, "/etc/passwd", 7, 2, 3), lines(vfs, "/etc/group", 4, 2));
  }

  /**
   * The account that {@code USER[:GROUP]} names, each by name or number. A user without a group has
   * the one in passwd, and by name also those that list it; a number that is in no passwd has group
   * 0 and the home {@code /}. A group without a user is root's, as with Docker.
   *
   * @throws IllegalArgumentException if there is no such user or group; the message is for people
   */
  public Account find(String text) {
    int colon = text.indexOf(':');
    var userText = colon < 0 ? text : colon == 0 ? "0" : text.substring(0, colon);
    var user = named(users, userText);
    int uid = user.map(fields -> id(fields[2])).orElseGet(() -> number(userText, text));
    var entry = user.or(() -> numbered(users, uid));
    var home = entry.map(fields -> fields[5]).filter(h -> h.startsWith("/")).orElse("/");
    if (colon >= 0) {
      var groupText = text.substring(colon + 1);
      int gid =
          named(groups, groupText)
              .map(fields -> id(fields[2]))
              .orElseGet(() -> number(groupText, text));
      return new Account(new Credentials(uid, gid), home);
    }
    int gid = entry.map(fields -> id(fields[3])).orElse(0);
    int[] more = user.map(fields -> supplementary(fields[0], gid)).orElse(new int[0]);
    return new Account(new Credentials(uid, gid, more), home);
  }

  private int[] supplementary(String name, int gid) {
    return groups.stream()
        .filter(fields -> Arrays.asList(fields[3].split(",")).contains(name))
        .mapToInt(fields -> id(fields[2]))
        .filter(id -> id != gid)
        .toArray();
  }

  private static Optional<String[]> named(List<String[]> lines, String name) {
    return lines.stream().filter(fields -> fields[0].equals(name)).findFirst();
  }

  private static Optional<String[]> numbered(List<String[]> lines, int id) {
    return lines.stream().filter(fields -> id(fields[2]) == id).findFirst();
  }

  private static int number(String text, String whole) {
    if (!isId(text)) {
      throw new IllegalArgumentException(
          whole + ": the guest's /etc has no '" + text + "', and it is no number");
    }
    return id(text);
  }

  /** Whether it is a uid_t but its largest, which means "leave it" to chown. */
  private static boolean isId(String text) {
    return !text.isEmpty()
        && text.length() <= 10
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && Long.parseLong(text) < 0xFFFF_FFFFL;
  }

  private static int id(String text) {
    return (int) Long.parseLong(text);
  }

  private static List<String[]> lines(Vfs vfs, String path, int fields, int... numbers)
      throws ErrnoException {
    var lines = new ArrayList<String[]>();
    for (var line : text(vfs, path).split("\n")) {
      var parts = line.split(":", -1);
      // What is behind a NUL no program would see.
      if (parts.length == fields
          && line.indexOf('\0') < 0
          && Arrays.stream(numbers).allMatch(number -> isId(parts[number]))) {
        lines.add(parts);
      }
    }
    return lines;
  }

  private static String text(Vfs vfs, String path) throws ErrnoException {
    try {
      return new String(vfs.read(path), UTF_8);
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return "";
      }
      throw e;
    }
  }
}
