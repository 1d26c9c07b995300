package dev.vivarium.engine.chicory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs independent tasks on two threads: more would need more memory at once. */
final class Workers {
  private static final int THREADS = 2;

  /** The parser and the compiler recurse with the nesting of a function's blocks. */
  private static final long STACK_BYTES = 16 << 20;

  private Workers() {}

  /** A part of the work. */
  @FunctionalInterface
  interface Task {
    void run() throws IOException;
  }

  /**
   * Runs all tasks; returns when none of them runs any more.
   *
   * @throws IOException the first that a task threw; tasks that had not begun are dropped
   * @throws InterruptedIOException if the thread is interrupted, which it remains
   */
  static void run(List<Task> tasks) throws IOException {
    var executor =
        Executors.newFixedThreadPool(
            THREADS,
            work -> {
              var thread = new Thread(null, work, "vivarium-compiler", STACK_BYTES);
              thread.setDaemon(true);
              return thread;
            });
    try {
      var completion = new ExecutorCompletionService<Void>(executor);
      var futures = new ArrayList<Future<Void>>();
      for (var task : tasks) {
        futures.add(
            completion.submit(
                () -> {
                  task.run();
                  return null;
                }));
      }
      for (int i = 0; i < futures.size(); i++) {
        completion.take().get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while compiling");
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      executor.shutdownNow();
      awaitEnd(executor);
    }
  }

  private static IOException failure(Throwable cause) {
    if (cause instanceof OutOfMemoryError memory) {
      return outOfMemory(memory);
    }
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return (IOException) cause;
  }

  static IOException outOfMemory(OutOfMemoryError cause) {
    return new IOException("not enough memory to prepare the module: allow the JVM more", cause);
  }

  /** Waits for tasks that write to the entry, which the caller is about to close. */
  private static void awaitEnd(java.util.concurrent.ExecutorService executor) {
    boolean interrupted = false;
    while (true) {
      try {
        if (executor.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
