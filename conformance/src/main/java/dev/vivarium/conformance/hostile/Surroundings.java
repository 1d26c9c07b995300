package dev.vivarium.conformance.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.Sandbox;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.MountOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What a hostile guest finds: links in every direction, and mounts that must stay as they are or
 * must not be left. On the host it is a directory with what is mapped, and beside that a secret.
 */
final class Surroundings implements AutoCloseable {
  private static final byte[] SECRET = "this is not for guests".getBytes(US_ASCII);

  /** The files of every guest's root; each has a fork. */
  static final Snapshot ROOT = root();

  private static final Snapshot IMAGE = image();

  private final Path top;
  private final FileSystem zip;
  private final String before;

  /**
   * Lays them out.
   *
   * @param top an empty directory of the host
   */
  Surroundings(Path top) throws IOException {
    this.top = top;
    Files.write(top.resolve("secret"), SECRET);
    for (var name : List.of("ro", "rw")) {
      var mapped = Files.createDirectory(top.resolve(name));
      Files.createDirectories(mapped.resolve("d/e"));
      Files.writeString(mapped.resolve("a"), "content of a");
      Files.writeString(mapped.resolve("d/f3"), "content of f3");
      Files.createSymbolicLink(mapped.resolve("out"), Path.of("../secret"));
      Files.createSymbolicLink(mapped.resolve("up"), Path.of("../.."));
      Files.createSymbolicLink(mapped.resolve("abs"), top);
      Files.createSymbolicLink(mapped.resolve("tod"), Path.of("d/"));
    }
    zip =
        FileSystems.newFileSystem(
            URI.create("jar:" + top.resolve("files.zip").toUri()), Map.of("create", "true"));
    Files.createDirectory(zip.getPath("/d"));
    Files.writeString(zip.getPath("/a"), "content of a");
    Files.writeString(zip.getPath("/d/f3"), "content of f3");
    before = outside();
  }

  /** Mounts them for a guest. */
  void mount(Vfs vfs) throws ErrnoException, IOException {
    var mounts = vfs.mounts();
    for (var name : List.of("ro", "rw", "mem", "zip")) {
      vfs.makeDirectories("/" + name);
    }
    mounts.hostDirectory("/ro", top.resolve("ro"), MountOptions.READ_ONLY);
    mounts.hostDirectory("/rw", top.resolve("rw"), MountOptions.DEFAULT);
    mounts.snapshot("/mem", IMAGE, MountOptions.READ_ONLY);
    mounts.tree("/zip", zip.getPath("/"), MountOptions.READ_ONLY);
  }

  /**
   * What a guest has done that it must not.
   *
   * @param memory what it had, in which nothing from outside may be
   */
  List<String> violations(Sandbox sandbox, GuestMemory memory) throws IOException {
    var violations = new ArrayList<>(sandbox.filesystem().check());
    int open = sandbox.filesystem().openFiles();
    if (open != 0) {
      violations.add(open + " descriptions are open after the end");
    }
    var after = outside();
    if (!after.equals(before)) {
      violations.add("what it may not change has changed: " + after + " from " + before);
    }
    if (!Digest.of(sandbox.filesystem(), "/mem").equals(Digest.of(Vfs.fork(IMAGE), "/"))) {
      violations.add("a filesystem that is mounted read-only has changed");
    }
    if (contains(memory, SECRET)) {
      violations.add("it has read what is outside");
    }
    return violations;
  }

  /** All but what is mapped for writing. */
  private String outside() throws IOException {
    return Digest.of(top.resolve("ro"))
        + Digest.of(top.resolve("secret"))
        + Digest.of(zip.getPath("/"))
        + String.join(",", names(top));
  }

  private static List<String> names(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static boolean contains(GuestMemory memory, byte[] text) {
    var whole = new byte[(int) memory.size()];
    memory.read(0, whole, 0, whole.length);
    return new String(whole, ISO_8859_1).contains(new String(text, ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    zip.close();
    try (var files = Files.walk(top)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Snapshot root() {
    try {
      var vfs = Vfs.builder().build();
      Sandbox.furnish(vfs);
      vfs.write("/a", new byte[5_000]);
      vfs.write("/b", new byte[0]);
      for (int i = 0; i < 10; i++) {
        vfs.write("/d/f" + i, new byte[100 * i]);
      }
      vfs.write("/d/e/g", "g".getBytes(US_ASCII));
      vfs.write("/locked", "locked".getBytes(US_ASCII));
      vfs.changeMode(vfs.superuser(), vfs.root(), bytes("/locked"), 0, true);
      vfs.makeNode(vfs.superuser(), vfs.root(), bytes("/p"), FileType.FIFO.bits() | 0666, 0);
      link(vfs, "a", "/toa");
      link(vfs, "d", "/tod");
      link(vfs, "d/", "/todslash");
      link(vfs, "..", "/up");
      link(vfs, "../..", "/d/up");
      link(vfs, "/d/e", "/abs");
      link(vfs, "nowhere", "/dangling");
      link(vfs, "inself/x", "/inself");
      link(vfs, "loop2", "/loop1");
      link(vfs, "loop1", "/loop2");
      link(vfs, "../../../../../../etc/passwd", "/out");
      link(vfs, "ro/a", "/toro");
      link(vfs, "/mem/d/", "/toromem");
      link(vfs, "d", "/ladder0");
      link(vfs, "d", "/tower0");
      for (int i = 1; i < 45; i++) {
        link(vfs, "ladder" + (i - 1), "/ladder" + i);
        link(vfs, "tower%1$d/../tower%1$d".formatted(i - 1), "/tower" + i);
      }
      return vfs.snapshot();
    } catch (ErrnoException e) {
      throw new IllegalStateException("an empty tree takes these", e);
    }
  }

  private static Snapshot image() {
    try {
      var vfs = Vfs.builder().build();
      vfs.write("/a", new byte[5_000]);
      vfs.write("/d/f3", "content of f3".getBytes(US_ASCII));
      link(vfs, "d/", "/tod");
      link(vfs, "..", "/up");
      return vfs.snapshot();
    } catch (ErrnoException e) {
      throw new IllegalStateException("an empty tree takes these", e);
    }
  }

  private static void link(Vfs vfs, String target, String path) throws ErrnoException {
    vfs.symlink(vfs.superuser(), bytes(target), vfs.root(), bytes(path));
  }

  private static byte[] bytes(String path) {
    return path.getBytes(ISO_8859_1);
  }
}
