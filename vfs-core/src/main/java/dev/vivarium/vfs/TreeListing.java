package dev.vivarium.vfs;

import dev.vivarium.vfs.mount.Caller;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.Mount;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.Node;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@link Vfs#tree}: one pass with a stack of its own, as guests choose how deep it goes, and with a
 * bound on the text, as the indentation of deep trees grows with the square of their depth. Called
 * under the lock of the tree.
 */
final class TreeListing {
  /** An inode and the mount that it is in. */
  private record Found(Mount mount, Node node) {}

  /** A directory that is being listed. */
  private static final class Level {
    final Found directory;
    final List<byte[]> names;
    int next;

    Level(Found directory, List<byte[]> names) {
      this.directory = directory;
      this.names = names;
    }
  }

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder indentation = new StringBuilder();
  private final ArrayDeque<Level> levels = new ArrayDeque<>();
  private int directories;
  private int files;

  private final Caller caller;
  private final int most;

  private TreeListing(Caller caller, int most) {
    this.caller = caller;
    this.most = most;
  }

  static String of(String title, Location top, Caller caller, int most) {
    return new TreeListing(caller, most).list(title, top);
  }

  private String list(String title, Location top) {
    text.append(escaped(title.getBytes(StandardCharsets.UTF_8)));
    enter(new Found(top.mount(), top.mount().fileSystem().node(top.ino())));
    while (!levels.isEmpty()) {
      var level = levels.peek();
      if (level.next == level.names.size()) {
        levels.pop();
        indentation.setLength(Math.max(0, indentation.length() - 4));
        continue;
      }
      if (text.length() > most) {
        return text.append("...\n").toString();
      }
      byte[] name = level.names.get(level.next++);
      boolean last = level.next == level.names.size();
      text.append(indentation).append(last ? "└── " : "├── ").append(escaped(name));
      var found = find(level.directory, name);
      if (found != null && found.node.isDirectory()) {
        directories++;
        indentation.append(last ? "    " : "│   ");
        enter(found);
      } else {
        files++;
        text.append(target(found)).append('\n');
      }
    }
    return text.append('\n')
        .append(directories)
        .append(directories == 1 ? " directory, " : " directories, ")
        .append(files)
        .append(files == 1 ? " file\n" : " files\n")
        .toString();
  }

  /** Ends the line of a directory, and goes on with its entries. */
  private void enter(Found directory) {
    var names = new ArrayList<byte[]>();
    try {
      directory
          .mount
          .fileSystem()
          .readDirectory(
              directory.node,
              0,
              (cookie, ino, type, name) -> {
                if (!isDots(name)) {
                  names.add(name.clone());
                }
                return true;
              });
    } catch (ErrnoException e) {
      text.append("  [").append(e.errno().description()).append(']');
    }
    text.append('\n');
    names.sort(Arrays::compareUnsigned);
    levels.push(new Level(directory, names));
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  /** What an entry leads to, or what is mounted on it; null if the driver cannot tell. */
  private static Found find(Found directory, byte[] name) {
    try {
      var mount = directory.mount;
      var node = mount.fileSystem().lookup(directory.node, name, 0, name.length);
      if (node == null) {
        return null;
      }
      var on = mount.mountedOn(node, directory.node, name, 0, name.length);
      while (on != null) {
        mount = on;
        node = mount.rootNode();
        on = mount.mountedOn(node.ino());
      }
      return new Found(mount, node);
    } catch (ErrnoException e) {
      return null;
    }
  }

  private String target(Found found) {
    if (found == null || !found.node.isSymlink()) {
      return "";
    }
    try {
      return " -> " + escaped(found.mount.fileSystem().readLink(found.node, caller));
    } catch (ErrnoException e) {
      return "";
    }
  }

  /** A name for people: what could control a terminal, or is no text, byte by byte in octal. */
  private static String escaped(byte[] name) {
    var decoded = new String(name, StandardCharsets.UTF_8);
    boolean isText = Arrays.equals(decoded.getBytes(StandardCharsets.UTF_8), name);
    var escaped = new StringBuilder();
    var source = isText ? decoded : new String(name, StandardCharsets.ISO_8859_1);
    source
        .codePoints()
        .forEach(
            c -> {
              if (c == '\\') {
                escaped.append("\\\\");
              } else if (isText ? isPrintable(c) : c >= ' ' && c < 0x7F) {
                escaped.appendCodePoint(c);
              } else {
                var charset = isText ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
                for (byte b : Character.toString(c).getBytes(charset)) {
                  escaped.append("\\%03o".formatted(b & 0xFF));
                }
              }
            });
    return escaped.toString();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
