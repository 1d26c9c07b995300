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

  private static final List<Row> ROWS = rows();

  private final TestGuest guest = new TestGuest(SyscallTrace.NONE, true);
  private final ByteBuffer input;

  private CallFuzzer(byte[] input) {
    this.input = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** What Jazzer calls; an exception that gets out is a finding. */
  public static void fuzzerTestOneInput(byte[] input) {
    new CallFuzzer(input).run();
  }

  private static List<Row> rows() {
    var rows = new ArrayList<Row>();
    for (var table : HostModules.all()) {
      table.rows().forEach(row -> rows.add(new Row(table.name(), row)));
    }
    // One name of two types: the guest here links only the last.
    rows.removeIf(row -> row.spec().name().matches("thread_spawn|sock_accept"));
    return rows;
  }

  private void run() {
    guest.in.offer("some input");
    guest.in.end();
    for (int calls = 0; calls < MOST_CALLS && input.hasRemaining(); calls++) {
      call(ROWS.get(next() % ROWS.size()));
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
