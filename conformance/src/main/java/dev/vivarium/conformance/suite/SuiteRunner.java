package dev.vivarium.conformance.suite;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs modules in several lanes at once. */
final class SuiteRunner {
  private final int lanes;
  private final Supplier<Lane> open;

  SuiteRunner(int lanes, Supplier<Lane> open) {
    this.lanes = lanes;
    this.open = open;
  }

  /**
   * Runs modules, and returns the results sorted by their names.
   *
   * @param each hears of each result, one at a time
   * @throws IOException if this machine cannot do it
   */
  List<ModuleResult> run(List<String> modules, Consumer<ModuleResult> each)
      throws IOException, InterruptedException {
    Queue<String> waiting = new ConcurrentLinkedQueue<>(modules);
    var results = new ArrayList<ModuleResult>();
    var threads = Executors.newFixedThreadPool(lanes);
    try {
      var running = new ArrayList<java.util.concurrent.Future<Void>>();
      for (int i = 0; i < Math.min(lanes, modules.size()); i++) {
        running.add(
            threads.submit(
                () -> {
                  try (var lane = open.get()) {
                    for (var next = waiting.poll(); next != null; next = waiting.poll()) {
                      var result = lane.run(next);
                      synchronized (results) {
                        results.add(result);
                        each.accept(result);
                      }
                    }
                  }
                  return null;
                }));
      }
      for (var lane : running) {
        lane.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } finally {
      threads.shutdownNow();
    }
    results.sort(Comparator.comparing(ModuleResult::module));
    return results;
  }
}
