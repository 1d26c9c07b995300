package dev.vivarium.conformance.bench.fs;

import dev.vivarium.conformance.peer.JimfsTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The filesystems that are compared, in two ways of calling them: with the bytes of a path at each
 * call, as a guest has them; and with a {@link Path} that was made before, as a Java program may
 * keep one.
 */
public enum Contender {
  GUEST("Vivarium"),
  JIMFS("jimfs"),
  TMPFS("tmpfs"),
  GUEST_KEPT("Vivarium"),
  JIMFS_KEPT("jimfs"),
  TMPFS_KEPT("tmpfs");

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /** What a table calls it. */
  public String title() {
    return title;
  }

  /** Whether a {@link Path} is kept. */
  public boolean keepsPaths() {
    return ordinal() >= GUEST_KEPT.ordinal();
  }

  /** Whether this machine has it. */
  public boolean isHere() {
    return !title.equals(TMPFS.title) || Files.isWritable(SHARED_MEMORY);
  }

  FileTree open() throws IOException {
    return switch (this) {
      case GUEST -> new GuestTree();
      case GUEST_KEPT -> new NioTree(GuestTree.nioRoot(), true);
      case JIMFS, JIMFS_KEPT -> new NioTree(JimfsTree.root(), keepsPaths());
      case TMPFS, TMPFS_KEPT ->
          new NioTree(Files.createTempDirectory(SHARED_MEMORY, "vivarium-bench"), keepsPaths());
    };
  }
}
