package dev.vivarium.conformance.concurrency;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.open.DescriptorTable;
import dev.vivarium.vfs.path.FsContext;
import dev.vivarium.vfs.posix.OpenFlags;
import java.time.Instant;
import java.util.HashSet;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;

/** A table of four descriptors. */
@Param(name = "fd", gen = IntGen.class, conf = "0:4")
public class DescriptorCalls {
  private final Vfs vfs = Vfs.builder().clock(() -> Instant.EPOCH).build();
  private final FsContext root = vfs.superuser();
  private final DescriptorTable table = new DescriptorTable(4);

  @Operation
  public String open() throws InterruptedException {
    int flags = OpenFlags.O_RDWR | OpenFlags.O_CREAT;
    return Answer.of(
        () ->
            table.add(vfs.open(root, vfs.root(), "/f".getBytes(US_ASCII), flags, 0644), 0, false));
  }

  @Operation
  public String close(@Param(name = "fd") int fd) throws InterruptedException {
    return Answer.of(
        () -> {
          table.close(fd);
          return "closed";
        });
  }

  @Operation
  public String duplicate(@Param(name = "fd") int fd) throws InterruptedException {
    return Answer.of(() -> table.duplicate(fd, 0, true));
  }

  @Operation
  public String duplicateTo(@Param(name = "fd") int from, @Param(name = "fd") int to)
      throws InterruptedException {
    return Answer.of(
        () -> {
          table.duplicateTo(from, to);
          return to;
        });
  }

  @Operation
  public String renumber(@Param(name = "fd") int from, @Param(name = "fd") int to)
      throws InterruptedException {
    return Answer.of(
        () -> {
          table.renumber(from, to);
          return to;
        });
  }

  @Operation
  public String closesOnExec(@Param(name = "fd") int fd) throws InterruptedException {
    return Answer.of(() -> table.closeOnExec(fd));
  }

  @Operation
  public int next(@Param(name = "fd") int fd) {
    return table.next(fd);
  }

  @Operation
  public int size() {
    return table.size();
  }

  /** What must hold when all is done. */
  @Validate
  public void check() throws Exception {
    var descriptions = new HashSet<Object>();
    for (int fd = table.next(0); fd >= 0; fd = table.next(fd + 1)) {
      descriptions.add(table.get(fd));
    }
    if (vfs.openFiles() != descriptions.size() || !vfs.check().isEmpty()) {
      throw new AssertionError(
          vfs.openFiles()
              + " open files, "
              + descriptions.size()
              + " in the table, "
              + vfs.check());
    }
  }
}
