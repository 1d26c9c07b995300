package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.host.HostProcess;
import java.io.IOException;
import java.util.List;

/** How deep a guest may recurse before its host's stack, or a limit of its own, ends it. */
final class RecursionDepth {
  private static final int SHALLOWEST = 64;

  /** Beyond this it is the guest's memory that matters, not a stack. */
  private static final int DEEPEST = 1 << 17;

  private RecursionDepth() {}

  /**
   * A way to recurse.
   *
   * @param source the program; {@code DEPTH} stands for the number of levels. It prints {@code
   *     done}, or {@code refused} where the guest's own limit ends it
   */
  record Program(String name, String source) {}

  /**
   * What was found.
   *
   * @param stackEnded whether it was the stack that ended it
   */
  record Depth(int levels, boolean stackEnded) {
    @Override
    public String toString() {
      return "%,d%s".formatted(levels, stackEnded ? "" : "+");
    }
  }

  static List<Program> programs(Guest guest) {
    if (guest.isRuby()) {
      return List.of(
          ruby("method calls", "def f(n) = n == 0 ? 0 : 1 + f(n - 1)\nf(DEPTH)"),
          ruby(
              "blocks called by C", "def f(n) = n == 0 ? 0 : [n].each { |m| f(m - 1) }\nf(DEPTH)"));
    }
    return List.of(
        python("function calls", "f = lambda n: n and 1 + f(n - 1)\n  f(DEPTH)"),
        python("nested repr", "x = []\n  for i in range(DEPTH): x = [x]\n  repr(x)"),
        python("functions called by C", "f = lambda n: n and list(map(f, [n - 1]))\n  f(DEPTH)"));
  }

  private static Program python(String name, String body) {
    return new Program(
        name,
        "import sys\nsys.setrecursionlimit(DEPTH + 100)\ntry:\n  "
            + body
            + "\n  print('done')\nexcept RecursionError:\n  print('refused')");
  }

  private static Program ruby(String name, String body) {
    return new Program(
        name, "begin\n" + body + "\nputs 'done'\nrescue SystemStackError\nputs 'refused'\nend");
  }

  /** Searches for it, to a part in 16 or, in brief, in 4. */
  static Depth deepest(PreparedGuest guest, Host host, Program program, boolean brief)
      throws IOException, InterruptedException {
    int good = 0;
    int bad = SHALLOWEST;
    boolean stack = false;
    while (bad <= DEEPEST) {
      var end = tryOut(guest, host, program, bad);
      if (!end.equals("done")) {
        stack = !end.equals("refused");
        break;
      }
      good = bad;
      bad *= 2;
    }
    while (bad <= DEEPEST && bad - good > good / (brief ? 4 : 16) + 1) {
      int middle = (good + bad) >>> 1;
      var end = tryOut(guest, host, program, middle);
      if (end.equals("done")) {
        good = middle;
      } else {
        bad = middle;
        stack = !end.equals("refused");
      }
    }
    return new Depth(good, stack);
  }

  private static String tryOut(PreparedGuest guest, Host host, Program program, int depth)
      throws IOException, InterruptedException {
    var source = program.source().replace("DEPTH", String.valueOf(depth));
    try (var process = HostProcess.start(guest.instances(host, 1, source))) {
      return process.line();
    } catch (HostCrash e) {
      return "crash";
    }
  }
}
