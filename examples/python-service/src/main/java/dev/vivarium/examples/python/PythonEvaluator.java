package dev.vivarium.examples.python;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.CapturedOutput;
import dev.vivarium.Outcome;
import dev.vivarium.runtime.Interpreter;
import dev.vivarium.sys.Limits;
import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs Python that nobody here has written, each script in a world of its own that begins as all
 * others do. Whatever a script does, it ends in time and takes no more than it may. Safe for use by
 * many threads.
 */
public final class PythonEvaluator {
  private static final String DIRECTORY = "/work";
  private static final String SCRIPT = "main.py";
  private static final int PATH_MAX = 4096;

  private static final int PRINTED_BYTES = 256 << 10;
  private static final int RETURNED_BYTES = 4 << 20;
  private static final Limits LIMITS = Limits.DEFAULT.withMemoryBytes(256 << 20);
  private static final Quota QUOTA = Quota.DEFAULT.withBytes(16 << 20).withInodes(1_000);

  private final Interpreter python;
  private final Snapshot files;
  private final Duration timeout;

  /**
   * An evaluator.
   *
   * @param files what every script finds: those of the interpreter, and data and packages beside
   *     them
   */
  public PythonEvaluator(Interpreter python, Snapshot files, Duration timeout) {
    this.python = python;
    this.files = files;
    this.timeout = timeout;
  }

  /**
   * Evaluates a script.
   *
   * @throws IOException if the host fails; no script makes it fail
   * @throws InterruptedException if this thread is interrupted; the script has been ended
   */
  public Evaluation evaluate(String script) throws IOException, InterruptedException {
    var stdout = new CapturedOutput(PRINTED_BYTES);
    var stderr = new CapturedOutput(PRINTED_BYTES);
    try {
      var world = Vfs.fork(files);
      world.write(DIRECTORY + "/" + SCRIPT, script.getBytes(UTF_8));
      var builder =
          python
              .sandbox(world.snapshot(), DIRECTORY, SCRIPT)
              .stdout(stdout)
              .stderr(stderr)
              .limits(LIMITS)
              .quota(QUOTA)
              .timeout(timeout);
      try (var sandbox = builder.build()) {
        return evaluation(sandbox.run(), stdout, stderr);
      }
    } catch (ErrnoException e) {
      throw new IOException("the world of a script cannot be made: " + e.getMessage(), e);
    }
  }

  private static Evaluation evaluation(
      Outcome outcome, CapturedOutput stdout, CapturedOutput stderr) {
    var written = new TreeMap<String, byte[]>();
    var omitted = new ArrayList<String>();
    collect(outcome, written, omitted);
    return new Evaluation(
        outcome.reason(),
        outcome.status(),
        outcome.message(),
        stdout.text(),
        stdout.isCut(),
        stderr.text(),
        stderr.isCut(),
        written,
        omitted);
  }

  /** The script has chosen names, depths and sizes: each is looked at before memory is taken. */
  private static void collect(Outcome outcome, Map<String, byte[]> written, List<String> omitted) {
    int room = RETURNED_BYTES;
    for (var change : outcome.changes()) {
      if (change.kind() == Change.Kind.REMOVED || change.pathLength() >= PATH_MAX) {
        continue;
      }
      var path = change.pathText();
      if (!path.startsWith(DIRECTORY + "/")) {
        continue;
      }
      try {
        byte[] content = outcome.filesystem().read(path, room);
        written.put(path, content);
        room -= content.length;
      } catch (ErrnoException e) {
        if (e.errno() != Errno.EISDIR) {
          omitted.add(path);
        }
      }
    }
  }
}
