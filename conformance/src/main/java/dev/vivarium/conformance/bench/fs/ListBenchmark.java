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

/** A directory, read from its first entry to its last. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class ListBenchmark {
  @Param public Contender contender;

  @Param({"10", "1000", "100000", "1000000"})
  public int size;

  private FileTree tree;
  private Place directory;

  /** Makes the entries. */
  @Setup
  public void fill() throws Exception {
    tree = contender.open();
    directory = tree.at("/d");
    directory.makeDirectory();
    for (int i = 0; i < size; i++) {
      tree.at("/d/entry-%07d".formatted(i)).create();
    }
  }

  /** Frees what the tree has taken. */
  @TearDown
  public void close() throws Exception {
    tree.close();
  }

  @Benchmark
  public int readdir() throws Exception {
    return directory.list();
  }
}
