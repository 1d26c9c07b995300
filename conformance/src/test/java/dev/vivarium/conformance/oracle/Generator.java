package dev.vivarium.conformance.oracle;

import dev.vivarium.vfs.posix.ErrnoException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Makes scripts from a seed. Each call is made on our side at once, so that the next ones can use
 * descriptors that are open.
 */
final class Generator {
  private static final int WEIGHT = Arrays.stream(Call.values()).mapToInt(Call::weight).sum();

  private final Random random;
  private final World world;
  private final Queue<Supplier<Operation>> planned = new ArrayDeque<>();

  private Generator(Random random, World world) {
    this.random = random;
    this.world = world;
  }

  static Script script(long seed, int length, Protection protection) throws ErrnoException {
    // Neighbouring seeds must not start alike.
    var random = new Random(seed * 0x9E3779B97F4A7C15L);
    var scenario = Scenario.random(random, protection);
    var generator = new Generator(random, new World(scenario, Duration.ZERO));
    var operations = new ArrayList<Operation>();
    while (operations.size() < length) {
      var operation = generator.next();
      if (!AcceptedDifference.leavesOut(generator.world, operation)) {
        operations.add(operation);
        generator.world.run(operation);
      }
    }
    return new Script(scenario, operations);
  }

  private Operation next() {
    if (planned.isEmpty()) {
      switch (random.nextInt(400)) {
        case 0 -> planChain();
        case 1 -> planDepth();
        case 2, 3, 4, 5, 6, 7 -> planAttribute();
        case 8, 9, 10, 11 -> planDirectory();
        case 12, 13, 14, 15 -> planTransfers();
        default -> plan(someone(), anyCall());
      }
    }
    return planned.remove().get();
  }

  /** Plans a call whose arguments are chosen when it is its turn. */
  private void plan(int process, Call call) {
    planned.add(() -> single(process, call));
  }

  private void plan(int process, Call call, String arguments) {
    planned.add(() -> new Operation(process, call, arguments));
  }

  private Operation single(int process, Call call) {
    var operation = new Operation(process, call, "");
    var choices = new Choices(random, world.process(operation));
    var words = call.parameters().stream().map(parameter -> parameter.generate(choices)).toList();
    return new Operation(process, call, String.join(" ", words));
  }

  /** About as many symbolic links, each to the one before, as may be followed. */
  private void planChain() {
    int process = someone();
    int length = 38 + random.nextInt(5);
    for (int i = 1; i <= length; i++) {
      plan(process, Call.SYMLINKAT, "\"s%d\" -100 \"s%d\"".formatted(i - 1, i));
    }
    for (var call : new Call[] {Call.FSTATAT, Call.OPENAT, Call.UTIMENSAT}) {
      String path = "\"s" + length + (random.nextBoolean() ? "\"" : "/\"");
      String rest =
          switch (call) {
            case FSTATAT -> " 1";
            case OPENAT -> " O_CREAT|O_RDWR 0644";
            default -> " now now 1";
          };
      plan(process, call, "-100 " + path + rest);
    }
  }

  /** Directories so deep that no path leads to the last one. */
  private void planDepth() {
    int process = someone();
    for (int i = 0; i < 17; i++) {
      plan(process, Call.MKDIRAT, "-100 \"%x6e,250;\" 0777");
      plan(process, Call.CHDIR, "\"%x6e,250;\"");
      plan(process, Call.GETCWD, "");
    }
    plan(process, Call.CHDIR, "\"/\"");
  }

  /**
   * The lives of two attributes, by descriptor and by path: left to chance, few would ever be found
   * again.
   */
  private void planAttribute() {
    int process = someone();
    var choices = new Choices(random, world.process(new Operation(process, Call.FSTAT, "")));
    String attribute = choices.descriptor() + " \"user.a\"";
    plan(process, Call.FSETXATTR, attribute + " 100 7 0");
    plan(process, Call.FGETXATTR, attribute + choices.of(" 0", " 99", " 100"));
    plan(process, Call.FREMOVEXATTR, attribute);
    String named = Text.quote(choices.path()) + " \"user.b\"";
    plan(process, Call.SETXATTR, named + " 100 7 0 1");
    plan(process, Call.GETXATTR, named + choices.of(" 0 1", " 99 1", " 100 1"));
    plan(process, Call.REMOVEXATTR, named + " 1");
  }

  /** What is done with a directory that is open: left to chance, hardly one ever is. */
  private void planDirectory() {
    int process = someone();
    var choices = new Choices(random, world.process(new Operation(process, Call.FSTAT, "")));
    String path = Text.quote(choices.path());
    plan(process, Call.MKDIRAT, "-100 " + path + " 0777");
    plan(process, Call.OPENAT, "-100 " + path + " O_DIRECTORY 0");
    for (int i = random.nextInt(4); i > 0; i--) {
      String below = path.substring(0, path.length() - 1) + "/s" + i + "\"";
      plan(process, Call.MKNODAT, "-100 " + below + " 0100644 0");
    }
    if (random.nextInt(8) == 0) {
      plan(process, Call.CHROOT, path);
    }
    for (var call : new Call[] {Call.SCAN, Call.READDIR, Call.SCAN, Call.FSTAT}) {
      plan(process, call);
    }
  }

  /** What moves between files and pipes that are open. */
  private void planTransfers() {
    int process = someone();
    plan(process, Call.OPENAT, "-100 \"a\" O_RDWR|O_CREAT 0666");
    plan(process, Call.OPENAT, "-100 \"b\" O_RDWR|O_CREAT 0666");
    plan(process, Call.PIPE, "O_NONBLOCK");
    var calls =
        new Call[] {
          Call.WRITE, Call.WRITEV, Call.PWRITEV, Call.SENDFILE, Call.SPLICE, Call.SPLICE,
          Call.COPY_FILE_RANGE, Call.READV, Call.PREADV, Call.LSEEK, Call.LINKFD, Call.FSTAT
        };
    for (int i = 0; i < 12; i++) {
      plan(process, calls[random.nextInt(calls.length)]);
    }
  }

  private int someone() {
    return random.nextInt(world.scenario().processes().size());
  }

  private Call anyCall() {
    int at = random.nextInt(WEIGHT);
    for (var call : Call.values()) {
      at -= call.weight();
      if (at < 0) {
        return call;
      }
    }
    throw new AssertionError(at);
  }
}
