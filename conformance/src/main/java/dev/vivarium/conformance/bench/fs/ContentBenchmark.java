package dev.vivarium.conformance.bench.fs;

import java.util.SplittableRandom;
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

/** Content of a file of 16 MiB, in calls of one size, from and to one array. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class ContentBenchmark {
  static final int LENGTH = 16 << 20;

  @Param public Contender contender;

  @Param({"4096", "1048576"})
  public int size;

  private final SplittableRandom random = new SplittableRandom(1);
  private FileTree tree;
  private OpenFile file;
  private OpenFile growing;
  private byte[] buffer;
  private int done;

  /** Fills the file. */
  @Setup
  public void fill() throws Exception {
    tree = contender.open();
    file = tree.at("/file").openToWrite();
    growing = tree.at("/growing").openToAppend();
    buffer = new byte[size];
    for (int i = 0; i < size; i++) {
      buffer[i] = (byte) random.nextInt();
    }
    for (int i = 0; i < LENGTH / size; i++) {
      file.write(buffer);
    }
    file.rewind();
  }

  /** Frees what the tree has taken. */
  @TearDown
  public void close() throws Exception {
    file.close();
    growing.close();
    tree.close();
  }

  @Benchmark
  public void readInSequence() throws Exception {
    rewindAtEnd();
    file.read(buffer);
  }

  @Benchmark
  public void writeInSequence() throws Exception {
    rewindAtEnd();
    file.write(buffer);
  }

  private void rewindAtEnd() throws Exception {
    if (done == LENGTH) {
      file.rewind();
      done = 0;
    }
    done += size;
  }

  @Benchmark
  public void readAtRandom() throws Exception {
    file.read(buffer, somewhere());
  }

  @Benchmark
  public void writeAtRandom() throws Exception {
    file.write(buffer, somewhere());
  }

  private long somewhere() {
    return (long) size * random.nextInt(LENGTH / size);
  }

  /** The file is cut off when it is as long as the other one. */
  @Benchmark
  public void append() throws Exception {
    if (done == LENGTH) {
      growing.truncate();
      done = 0;
    }
    done += size;
    growing.write(buffer);
  }
}
