package dev.vivarium.conformance.bench.fs;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Names and attributes, in a directory of a thousand files. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class MetadataBenchmark {
  private static final int FILES = 1000;
  private static final int DEPTH = 32;

  @Param public Contender contender;

  private FileTree tree;
  private Place file;
  private Place missing;
  private Place deep;
  private Place one;
  private Place other;

  /** Makes the directories. */
  @Setup
  public void fill() throws Exception {
    tree = contender.open();
    tree.at("/d").makeDirectory();
    for (int i = 0; i < FILES; i++) {
      tree.at("/d/file-%04d".formatted(i)).create();
    }
    file = tree.at("/d/file-0500");
    missing = tree.at("/d/missing");
    one = tree.at("/d/one");
    other = tree.at("/d/other");
    one.create();
    var path = new StringBuilder();
    for (int i = 1; i < DEPTH; i++) {
      path.append("/level-").append(i);
      tree.at(path.toString()).makeDirectory();
    }
    deep = tree.at(path + "/file");
    deep.create();
  }

  /** Frees what the tree has taken. */
  @TearDown
  public void close() throws Exception {
    tree.close();
  }

  /** {@code open(2)} to read, and {@code close(2)}. */
  @Benchmark
  public void openAndClose() throws Exception {
    file.open();
  }

  @Benchmark
  public Object statHit() throws Exception {
    return file.status();
  }

  @Benchmark
  public boolean statMiss() throws Exception {
    return missing.exists();
  }

  /** A path of 32 names. */
  @Benchmark
  public Object statDeepPath() throws Exception {
    return deep.status();
  }

  /** There and back. */
  @Benchmark
  @OperationsPerInvocation(2)
  public void rename() throws Exception {
    one.renameTo(other);
    other.renameTo(one);
  }

  /** Files beside those that are there. */
  @State(Scope.Benchmark)
  public static class NewFiles {
    private final Place[] places = new Place[FILES];

    /** Names them. */
    @Setup
    public void name(MetadataBenchmark benchmark) {
      for (int i = 0; i < FILES; i++) {
        places[i] = benchmark.tree.at("/d/new-%04d".formatted(i));
      }
    }

    void create() throws Exception {
      for (var place : places) {
        place.create();
      }
    }

    void unlink() throws Exception {
      for (var place : places) {
        place.unlink();
      }
    }
  }

  /** Removes them after what is measured. */
  @State(Scope.Benchmark)
  public static class ToCreate {
    @TearDown(Level.Invocation)
    public void unlink(NewFiles files) throws Exception {
      files.unlink();
    }
  }

  /** Makes them before what is measured. */
  @State(Scope.Benchmark)
  public static class ToUnlink {
    @Setup(Level.Invocation)
    public void create(NewFiles files) throws Exception {
      files.create();
    }
  }

  @Benchmark
  @OperationsPerInvocation(FILES)
  public void create(NewFiles files, ToCreate after) throws Exception {
    files.create();
  }

  @Benchmark
  @OperationsPerInvocation(FILES)
  public void unlink(NewFiles files, ToUnlink before) throws Exception {
    files.unlink();
  }
}
