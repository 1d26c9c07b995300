package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.runtime.Interpreter;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/** What of the host's heap an instance takes, seen when the guest reads its standard input. */
final class InstanceMemory extends InputStream {
  /** Null until it was read. */
  private Long used;

  private InstanceMemory() {}

  /**
   * What was in use, in bytes.
   *
   * @param instance the heap that came with the instance, its linear memory included
   * @param peak the most heap that was in use at any time of the run, with garbage and what was
   *     there before
   */
  record Use(long instance, long peak) {}

  /** Runs a program that reads a line when it has done all else. */
  static Use measure(String runtime, String program) throws Exception {
    var interpreter = Interpreter.load(runtime);
    // The first run loads what later ones share.
    new InstanceMemory().run(interpreter, runtime, program);
    long before = afterCollection();
    pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    long instance = new InstanceMemory().run(interpreter, runtime, program) - before;
    long peak = pools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    return new Use(instance, peak);
  }

  private long run(Interpreter interpreter, String runtime, String program) throws Exception {
    var flag = runtime.equals("ruby") ? "-e" : "-c";
    var builder =
        interpreter
            .sandbox(flag, program)
            .stdin(this)
            .stdout(OutputStream.nullOutputStream())
            .stderr(OutputStream.nullOutputStream());
    try (var sandbox = builder.build()) {
      sandbox.run();
    }
    if (used == null) {
      throw new HostCrash(runtime + " has not read its input");
    }
    return used;
  }

  @Override
  public int read() {
    if (used == null) {
      used = afterCollection();
    }
    return -1;
  }

  private static List<MemoryPoolMXBean> pools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static long afterCollection() {
    // What only finalizers and references hold may take more than one.
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
