package dev.vivarium.wasi.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.ValueType;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Returns;
import dev.vivarium.wasi.trace.StraceText;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever a guest passes to whatever function: it gets an errno, ends, or waits; the host sees no
 * exception, and the tree stays sound.
 */
class AnyCallTest {
  private static final int LIVES = 100;
  private static final int CALLS = 200;
  private static final int PATHS = 0x8000;
  private static final int LISTS = 0x9000;

  private static final String[] NAMES = {
    "a",
    "b",
    "a/b",
    "a/c",
    "../a",
    "/",
    ".",
    "..",
    "/dev/null",
    "/dev/zero",
    "a/",
    "",
    "l",
    "a\0",
    "no/way",
    "x".repeat(300)
  };

  /** Interrupts this thread again and again, so that a call that waits ends. */
  private ScheduledExecutorService impatience;

  private volatile boolean waiting;

  @BeforeEach
  void beImpatient() {
    var guestThread = Thread.currentThread();
    impatience = Executors.newSingleThreadScheduledExecutor();
    var unused =
        impatience.scheduleAtFixedRate(
            () -> {
              if (waiting) {
                guestThread.interrupt();
              }
            },
            50,
            50,
            TimeUnit.MILLISECONDS);
  }

  @AfterEach
  void calmDown() {
    waiting = false;
    impatience.shutdownNow();
    Thread.interrupted();
  }

  @ParameterizedTest(name = "seed {0}, WASIX {1}")
  @CsvSource({"1, false", "2, false", "3, true", "4, true"})
  void theHostIsSafeFromEveryCall(long seed, boolean wasix) {
    var random = new SplittableRandom(seed);
    var rows = rows(wasix);
    var opens = rows.stream().filter(row -> row.spec().name().startsWith("path_open")).toList();
    for (int life = 0; life < LIVES; life++) {
      var lines = new ArrayList<String>();
      var guest = new TestGuest(new StraceText(lines::add), wasix);
      guest.in.offer("some input");
      guest.in.end();
      for (int i = 0; i < CALLS; i++) {
        prepareMemory(guest, random);
        var from = random.nextInt(5) == 0 ? opens : rows;
        var row = from.get(random.nextInt(from.size()));
        var args = arguments(row.spec(), random);
        lines.clear();
        waiting = true;
        String outcome = outcome(guest, row, args);
        waiting = false;
        Thread.interrupted();
        assertThat(outcome).as("call %d of life %d: %s", i, life, lines).isEqualTo("fine");
        assertThat(lines).hasSize(1);
      }
      assertThat(guest.vfs.check()).isEmpty();
    }
  }

  private record Row(String module, FunctionSpec spec) {}

  private static List<Row> rows(boolean wasix) {
    var rows = new ArrayList<Row>();
    for (var table : HostModules.all()) {
      if (wasix || !table.name().equals(TestGuest.WASIX)) {
        table.rows().forEach(row -> rows.add(new Row(table.name(), row)));
      }
    }
    // One name of two types: the guest here links only the last.
    rows.removeIf(row -> row.spec().name().matches("thread_spawn|sock_accept"));
    return rows;
  }

  private static String outcome(TestGuest guest, Row row, Object[] args) {
    try {
      long result = guest.raw(row.module(), row.spec().name(), args);
      boolean errno = row.spec().shape().returns().core() == Returns.Core.ERRNO;
      return !errno || (result >= 0 && result <= 76) ? "fine" : "result " + result;
    } catch (ProcessExit e) {
      return "fine";
    } catch (GuestTrap e) {
      boolean expected =
          e.kind() == GuestTrap.Kind.INTERRUPTED || e.kind() == GuestTrap.Kind.UNSUPPORTED_IMPORT;
      return expected ? "fine" : e.getMessage();
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  /** Texts and lists that make sense, amid bytes that do not. */
  private static void prepareMemory(TestGuest guest, SplittableRandom random) {
    guest.memory.writeInt(random.nextInt(0x4000), random.nextInt());
    guest.memory.writeInt(LISTS, TestGuest.DATA + random.nextInt(100));
    guest.memory.writeInt(LISTS + 4, random.nextInt(5_000));
    guest.memory.writeInt(LISTS + 8, random.nextInt(1 << 20));
    guest.memory.writeInt(LISTS + 12, random.nextInt(1 << 18));
  }

  private static Object[] arguments(FunctionSpec row, SplittableRandom random) {
    var core = new ArrayList<Object>();
    for (var param : row.shape().params()) {
      if (param.kind() == Kind.PATH && random.nextInt(10) > 0) {
        core.add(NAMES[random.nextInt(NAMES.length)]);
      } else if (param.kind() == Kind.FD && random.nextInt(10) > 0) {
        core.add(random.nextInt(3) == 0 ? 3 : random.nextInt(9));
      } else if (param.kind().mask() != -1 && random.nextInt(10) > 0) {
        core.add(random.nextLong() & param.kind().mask());
      } else if (param.kind() == Kind.IOVECS || param.kind() == Kind.CIOVECS) {
        core.add(random.nextInt(10) > 0 ? LISTS : any(random));
        core.add(random.nextInt(10) > 0 ? random.nextInt(3) : any(random));
      } else {
        param.kind().coreTypes().forEach(type -> core.add(value(type, random)));
      }
    }
    row.shape()
        .returns()
        .outs()
        .forEach(out -> core.add(random.nextInt(20) > 0 ? PATHS : any(random)));
    return core.toArray();
  }

  private static Object value(ValueType type, SplittableRandom random) {
    return type == ValueType.I64 && random.nextInt(3) == 0 ? random.nextLong() : (long) any(random);
  }

  private static int any(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> random.nextInt(9);
      case 3 -> random.nextInt(1 << 20);
      case 4 -> (1 << 20) - random.nextInt(40);
      case 5 -> Integer.MIN_VALUE >> random.nextInt(32);
      case 6 -> Integer.MAX_VALUE - random.nextInt(4);
      default -> random.nextInt();
    };
  }
}
