package dev.vivarium.conformance.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a snapshot, a fork and the first change after a fork cost, by the number of files in the
 * tree: the first two must not depend on it, the third only by the depth of the tree's index.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class SnapshotBenchmark {
  private static final int DIRECTORY = 100;
  private static final byte[] CONTENT = "a small file\n".getBytes(US_ASCII);

  /** Files in the tree, 100 in each directory. */
  @Param({"1000", "10000", "100000"})
  public int files;

  private Vfs vfs;
  private Snapshot snapshot;

  /** Fills the tree. */
  @Setup
  public void fill() throws ErrnoException {
    vfs = Vfs.builder().quota(Quota.UNLIMITED).build();
    for (int i = 0; i < files; i++) {
      vfs.write("/d%05d/f%02d".formatted(i / DIRECTORY, i % DIRECTORY), CONTENT);
    }
    for (int i = 0; i < files; i++) {
      vfs.write("/flat/f%06d".formatted(i), CONTENT);
    }
    snapshot = vfs.snapshot();
    // Else collecting what this has left would be measured too, for seconds in a large tree.
    System.gc();
  }

  /** A snapshot of the tree, and a filesystem that starts from it. */
  @Benchmark
  public Vfs snapshotAndFork() {
    return Vfs.fork(vfs.snapshot());
  }

  /** A fork, and a file in it replaced. */
  @Benchmark
  public Vfs forkAndWrite() throws ErrnoException {
    Vfs fork = Vfs.fork(snapshot);
    fork.write("/d00005/f50", CONTENT);
    return fork;
  }

  /** A fork, and a file in it added to the directory that holds as many files as the rest. */
  @Benchmark
  public Vfs forkAndCreateInTheLargeDirectory() throws ErrnoException {
    Vfs fork = Vfs.fork(snapshot);
    fork.write("/flat/new", CONTENT);
    return fork;
  }

  /** A fork with one change, and what the change is against the snapshot. */
  @Benchmark
  public Object forkWriteAndDiff() throws ErrnoException {
    Vfs fork = Vfs.fork(snapshot);
    fork.write("/d00005/f50", CONTENT);
    return fork.snapshot().diff(snapshot);
  }
}
