package dev.vivarium.sys;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The processes of a sandbox, by their numbers: what {@code /proc} lists. Safe for many threads.
 */
public final class ProcessTable {
  private final ConcurrentSkipListMap<Integer, Process> processes = new ConcurrentSkipListMap<>();

  /** A process has begun. */
  public void add(Process process) {
    processes.put(process.pid(), process);
  }

  /** A process has ended, and been waited for. */
  public void remove(int pid) {
    processes.remove(pid);
  }

  /** The process with a number, or null. */
  public Process get(int pid) {
    return processes.get(pid);
  }

  /** All processes, in the order of their numbers. */
  public List<Process> all() {
    return List.copyOf(processes.values());
  }
}
