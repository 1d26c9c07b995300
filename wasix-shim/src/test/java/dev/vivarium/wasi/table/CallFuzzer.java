package dev.vivarium.wasi.table;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.ValueType;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * A target of Jazzer: bytes are calls of imports, their arguments and what is in the guest's
 * memory. Whatever they are, each call has an errno, a trap or an exit, and the tree stays sound.
 */
public final class CallFuzzer {
  private static final int MOST_CALLS = 50;
  private static final int LISTS = 0x8000;
  private static final int RESULTS = 0x9000;
  private static final int ANYWHERE = 0xFF;

  private record Row(String module, FunctionSpec spec) {}

  private static final List<Row> PREVIEW1 = rows(false);
  private static final List<Row> WASIX = rows(true);

  private final ByteBuffer input;
  private final List<Row> rows;
  private final TestGuest guest;

  private CallFuzzer(byte[] input) {
    this.input = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    boolean wasix = next() % 2 == 1;
    this.rows = wasix ? WASIX : PREVIEW1;
    this.guest = new TestGuest(SyscallTrace.NONE, wasix);
  }

  /** What Jazzer calls; an exception that gets out is a finding. */
  public static void fuzzerTestOneInput(byte[] input) {
    new CallFuzzer(input).run();
  }

  /** What a guest links: of a name with two types the last. */
  private static List<Row> rows(boolean wasix) {
    var rows = new LinkedHashMap<String, Row>();
    for (var table : HostModules.all()) {
      if (wasix || !table.name().equals(TestGuest.WASIX)) {
        for (var row : table.rows()) {
          rows.put(table.name() + "." + row.name(), new Row(table.name(), row));
        }
      }
    }
    return List.copyOf(rows.values());
  }

  private void run() {
    guest.in.offer("some input");
    guest.in.end();
    for (int calls = 0; calls < MOST_CALLS && input.hasRemaining(); calls++) {
      call(rows.get(next() % rows.size()));
    }
    var violations = guest.vfs.check();
    if (!violations.isEmpty()) {
      throw new IllegalStateException(violations.toString());
    }
  }

  /** Who is interrupted already waits for nothing; no other call looks. */
  private void call(Row row) {
    Object[] args = arguments(row.spec());
    Thread.currentThread().interrupt();
    try {
      guest.raw(row.module(), row.spec().name(), args);
    } catch (ProcessExit e) {
      // What it asked for.
    } catch (GuestTrap e) {
      if (e.kind() != GuestTrap.Kind.INTERRUPTED && e.kind() != GuestTrap.Kind.UNSUPPORTED_IMPORT) {
        throw e;
      }
    } finally {
      Thread.interrupted();
    }
  }

  private Object[] arguments(FunctionSpec row) {
    var core = new ArrayList<Object>();
    for (var param : row.shape().params()) {
      int choice = next();
      if (choice == ANYWHERE) {
        param.kind().coreTypes().forEach(type -> core.add(value(type)));
      } else if (param.kind() == Kind.PATH || param.kind() == Kind.STRING) {
        core.add(bytes(choice));
      } else if (param.kind() == Kind.IOVECS || param.kind() == Kind.CIOVECS) {
        core.add(poke(choice));
        core.add(choice / 8);
      } else if (param.kind() == Kind.POINTER) {
        core.add(poke(choice));
      } else if (param.kind().isPair()) {
        core.add(TestGuest.DATA);
        core.add(choice * 16);
      } else {
        core.add(choice < 0x80 ? choice : choice - 0x100);
      }
    }
    for (int i = 0; i < row.shape().returns().outs().size(); i++) {
      core.add(RESULTS + 64 * i);
    }
    return core.toArray();
  }

  /** Puts so many bytes where lists are read. */
  private int poke(int length) {
    byte[] content = bytes(length);
    guest.memory.write(LISTS, content, 0, content.length);
    return LISTS;
  }

  private long value(ValueType type) {
    byte[] bytes = Arrays.copyOf(bytes(8), 8);
    long value = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    return type == ValueType.I64 ? value : (int) value;
  }

  private int next() {
    return input.hasRemaining() ? input.get() & 0xFF : 0;
  }

  private byte[] bytes(int most) {
    var bytes = new byte[Math.min(most, input.remaining())];
    input.get(bytes);
    return bytes;
  }
}
