package dev.vivarium.conformance.bench.fs;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What moving the content of {@link ContentBenchmark} costs where there is no filesystem. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class CopyBenchmark {
  @Param({"4096", "1048576"})
  public int size;

  private final byte[] content = new byte[ContentBenchmark.LENGTH];
  private final byte[] buffer = new byte[1 << 20];
  private int at;

  @Benchmark
  public byte[] readInSequence() {
    System.arraycopy(content, next(), buffer, 0, size);
    return buffer;
  }

  @Benchmark
  public byte[] writeInSequence() {
    System.arraycopy(buffer, 0, content, next(), size);
    return content;
  }

  private int next() {
    at = (at + size) % content.length;
    return at;
  }
}
