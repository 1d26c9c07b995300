package dev.vivarium.conformance.concurrency;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.OpenFlags;
import java.time.Instant;
import java.util.StringJoiner;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/** Names of two directories that come, go and move. */
@Param(name = "path", gen = IntGen.class, conf = "0:3")
public class DirectoryCalls {
  private static final String[] PATHS = {"/d", "/d/a", "/d/b", "/a"};

  private final Vfs vfs = Vfs.builder().clock(() -> Instant.EPOCH).build();
  private final FsContext root = vfs.superuser();

  private static byte[] path(int which) {
    return PATHS[which].getBytes(US_ASCII);
  }

  @Operation
  public String makeDirectory(@Param(name = "path") int path) throws InterruptedException {
    return Answer.of(
        () -> {
          vfs.makeDirectory(root, vfs.root(), path(path), 0755);
          return "made";
        });
  }

  @Operation
  public String create(@Param(name = "path") int path) throws InterruptedException {
    int flags = OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL;
    return Answer.of(
        () -> {
          vfs.open(root, vfs.root(), path(path), flags, 0644).release();
          return "made";
        });
  }

  @Operation
  public String remove(@Param(name = "path") int path) throws InterruptedException {
    return Answer.of(
        () -> {
          vfs.removeDirectory(root, vfs.root(), path(path));
          return "removed";
        });
  }

  @Operation
  public String unlink(@Param(name = "path") int path) throws InterruptedException {
    return Answer.of(
        () -> {
          vfs.unlink(root, vfs.root(), path(path));
          return "removed";
        });
  }

  @Operation
  public String rename(@Param(name = "path") int from, @Param(name = "path") int to)
      throws InterruptedException {
    return Answer.of(
        () -> {
          vfs.rename(root, vfs.root(), path(from), vfs.root(), path(to));
          return "renamed";
        });
  }

  @Operation
  public String list(@Param(name = "path") int path) throws InterruptedException {
    return Answer.of(
        () -> {
          var names = new StringJoiner(" ");
          var directory = vfs.open(root, vfs.root(), path(path), OpenFlags.O_RDONLY, 0);
          try {
            directory.readDirectory(
                2,
                (cookie, ino, type, name) -> {
                  names.add(new String(name, US_ASCII) + ":" + type);
                  return true;
                });
          } finally {
            directory.release();
          }
          return names;
        });
  }

  /** What must hold when all is done. */
  @Validate
  public void check() {
    if (!vfs.check().isEmpty()) {
      throw new AssertionError(vfs.check());
    }
  }
}
