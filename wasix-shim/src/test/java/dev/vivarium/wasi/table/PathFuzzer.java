package dev.vivarium.wasi.table;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.OpenFlags;
import java.util.ArrayList;
import java.util.List;

/**
 * A target of Jazzer: texts of links and a path, separated by newlines. Whatever they are, who has
 * another root than the tree's stays below it, and where he came by a path is where its canonical
 * form leads.
 */
public final class PathFuzzer {
  private static final String JAIL = "/jail";
  private static final List<String> LINKS = List.of("l", "d/l", "d/e/l");

  private PathFuzzer() {}

  /** What Jazzer calls; an exception that gets out is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws ErrnoException {
    var texts = new String(input, ISO_8859_1).split("\n", LINKS.size() + 1);
    var vfs = Vfs.builder().build();
    vfs.write("/secret", new byte[1]);
    vfs.write(JAIL + "/d/e/f", new byte[1]);
    vfs.write(JAIL + "/a", new byte[1]);
    for (int i = 0; i + 1 < texts.length; i++) {
      link(vfs, texts[i], JAIL + "/" + LINKS.get(i));
    }
    walk(vfs, bytes(texts[texts.length - 1]));
    var violations = vfs.check();
    if (!violations.isEmpty()) {
      throw new IllegalStateException(violations.toString());
    }
  }

  private static void link(Vfs vfs, String text, String path) {
    try {
      vfs.symlink(vfs.superuser(), bytes(text), vfs.root(), bytes(path));
    } catch (ErrnoException e) {
      // No link, then.
    }
  }

  private static void walk(Vfs vfs, byte[] path) throws ErrnoException {
    var root = vfs.directory(vfs.superuser(), vfs.root(), bytes(JAIL));
    var prisoner = new FsContext(Credentials.ROOT, root);
    var at = prisoner.workingDirectory();
    try {
      var place = vfs.directory(prisoner, at, path);
      var whole = new String(vfs.pathOf(vfs.superuser(), place), ISO_8859_1);
      require(whole.equals(JAIL) || whole.startsWith(JAIL + "/"), whole);
      byte[] canonical = vfs.pathOf(prisoner, place);
      long there = vfs.stat(prisoner, at, canonical, false).ino();
      require(there == vfs.stat(prisoner, at, path, true).ino(), "another directory");
    } catch (ErrnoException e) {
      // It leads to no directory.
    }
    for (int flags : new int[] {OpenFlags.O_RDONLY, OpenFlags.O_RDWR | OpenFlags.O_CREAT}) {
      try {
        var file = vfs.open(prisoner, at, path, flags, 0644);
        file.release();
      } catch (ErrnoException e) {
        // It leads to no file.
      }
    }
    require(vfs.read("/secret").length == 1, "the secret has changed");
    require(names(vfs).equals(List.of("secret", "jail")), "something is outside");
  }

  private static List<String> names(Vfs vfs) throws ErrnoException {
    var names = new ArrayList<String>();
    var root = vfs.open(vfs.superuser(), vfs.root(), bytes("/"), OpenFlags.O_DIRECTORY, 0);
    root.readDirectory(
        2,
        (cookie, ino, type, name) -> {
          names.add(new String(name, ISO_8859_1));
          return true;
        });
    root.release();
    return names;
  }

  private static void require(boolean condition, String what) {
    if (!condition) {
      throw new IllegalStateException(what);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
