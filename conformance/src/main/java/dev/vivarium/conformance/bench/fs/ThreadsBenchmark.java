package dev.vivarium.conformance.bench.fs;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.infra.ThreadParams;

/** Two threads, each in a directory of its own: the time that a call takes each of them. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Threads(2)
public class ThreadsBenchmark {
  private static final int SIZE = 4096;

  @Param public Contender contender;

  private FileTree tree;

  /** Makes the tree. */
  @Setup
  public void make() throws Exception {
    tree = contender.open();
  }

  /** Frees what the tree has taken. */
  @TearDown
  public void close() throws Exception {
    tree.close();
  }

  /** What one thread has. */
  @State(Scope.Thread)
  public static class Own {
    private final byte[] buffer = new byte[SIZE];
    private Place file;
    private Place temporary;
    private OpenFile open;

    /** Makes its directory. */
    @Setup
    public void make(ThreadsBenchmark benchmark, ThreadParams thread) throws Exception {
      String directory = "/thread-" + thread.getThreadIndex();
      benchmark.tree.at(directory).makeDirectory();
      file = benchmark.tree.at(directory + "/file");
      temporary = benchmark.tree.at(directory + "/temporary");
      open = file.openToWrite();
      open.write(buffer);
    }

    /** Closes its file. */
    @TearDown
    public void close() throws Exception {
      open.close();
    }
  }

  @Benchmark
  public Object statInTwoThreads(Own own) throws Exception {
    return own.file.status();
  }

  @Benchmark
  public void createAndUnlinkInTwoThreads(Own own) throws Exception {
    own.temporary.create();
    own.temporary.unlink();
  }

  @Benchmark
  public void readInTwoThreads(Own own) throws Exception {
    own.open.read(own.buffer, 0);
  }
}
