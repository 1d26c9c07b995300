package dev.vivarium.wasi.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.MemoryFaultException;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Param;
import dev.vivarium.wasi.abi.Returns;
import dev.vivarium.wasi.abi.Rights;
import dev.vivarium.wasi.call.GuestState;
import dev.vivarium.wasi.call.Handler;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever a handler does, the guest gets an errno, an end or a trap. */
class LoweringTest {
  private static final int OUT = 64;

  private final TestGuest guest = new TestGuest();

  @Test
  void anErrorBecomesItsNumber() {
    assertThat(
            call(
                handler -> {
                  throw Errno.ENOENT.exception();
                }))
        .isEqualTo(44);
  }

  @Test
  void anErrorOfAFunctionWithAValueIsNegative() {
    var shape = new FunctionShape("spawn", Returns.VALUE);
    Handler failing =
        handler -> {
          throw Errno.EAGAIN.exception();
        };
    assertThat(call(shape, failing)).isEqualTo(-6);
  }

  @Test
  void aFaultAndWantOfMemoryAreErrnos() {
    assertThat(
            call(
                handler -> {
                  throw MemoryFaultException.INSTANCE;
                }))
        .isEqualTo(21);
    assertThat(
            call(
                handler -> {
                  throw new OutOfMemoryError();
                }))
        .isEqualTo(48);
  }

  @Test
  void aFunctionThatCannotTellItsWantOfMemoryDoesNotReturn() {
    var noMemory = new OutOfMemoryError();
    assertThatThrownBy(
            () ->
                call(
                    new FunctionShape("exit", Returns.NOTHING),
                    handler -> {
                      throw noMemory;
                    }))
        .isSameAs(noMemory);
  }

  @Test
  void theEndOfTheGuestPassesThrough() {
    var exit = ProcessExit.withCode(3);
    assertThatThrownBy(
            () ->
                call(
                    handler -> {
                      throw exit;
                    }))
        .isSameAs(exit);
    var trap = new GuestTrap(GuestTrap.Kind.UNREACHABLE, "x");
    assertThatThrownBy(
            () ->
                call(
                    handler -> {
                      throw trap;
                    }))
        .isSameAs(trap);
  }

  @Test
  void anInterruptIsATrapAndTheFlagStays() {
    assertTrap(
        GuestTrap.Kind.INTERRUPTED,
        handler -> {
          throw new InterruptedException();
        });
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aDefectIsATrapThatNamesTheCall() {
    assertTrap(
        GuestTrap.Kind.OTHER,
        handler -> {
          throw new IllegalStateException("oops");
        });
    assertTrap(
        GuestTrap.Kind.STACK_EXHAUSTED,
        handler -> {
          throw new StackOverflowError();
        });
    assertTrap(
        GuestTrap.Kind.OTHER,
        new FunctionShape("f", Returns.returns(Kind.SIZE)),
        handler -> {},
        OUT);
  }

  @Test
  void aMappedFileThatWasCutIsAnErrorAndNoDefect() {
    assertThat(
            call(
                handler -> {
                  throw new InternalError(
                      "a fault occurred in a recent unsafe memory access operation");
                }))
        .isEqualTo(29);
    assertTrap(
        GuestTrap.Kind.OTHER,
        handler -> {
          throw new InternalError("another");
        });
  }

  @Test
  void resultsAreCheckedBeforeTheHandlerRuns() {
    var shape = new FunctionShape("f", Returns.returns(Kind.SIZE, Kind.FILESIZE));
    Handler never =
        handler -> {
          throw new AssertionError("ran");
        };
    int end = (int) guest.memory.size();
    assertThat(call(shape, never, end - 3, OUT)).isEqualTo(21);
    assertThat(call(shape, never, OUT, end - 7)).isEqualTo(21);
  }

  @Test
  void descriptorsAreCheckedBeforeTheHandlerRuns() {
    var shape = new FunctionShape("f", Param.fd(Rights.FD_READ));
    Handler never =
        handler -> {
          throw new AssertionError("ran");
        };
    assertThat(call(shape, never, 99)).isEqualTo(8);
    guest.ok("fd_fdstat_set_rights", 0, 0L, 0L);
    assertThat(call(shape, never, 0)).isEqualTo(76);
  }

  private void assertTrap(GuestTrap.Kind kind, Handler handler) {
    assertTrap(kind, new FunctionShape("f"), handler);
  }

  private void assertTrap(GuestTrap.Kind kind, FunctionShape shape, Handler handler, long... args) {
    assertThatThrownBy(() -> call(shape, handler, args))
        .isInstanceOfSatisfying(GuestTrap.class, trap -> assertThat(trap.kind()).isEqualTo(kind))
        .hasMessageContaining("module.f");
  }

  private long call(Handler handler) {
    return call(new FunctionShape("f"), handler);
  }

  private long call(FunctionShape shape, Handler handler, long... args) {
    var row = new FunctionSpec(shape, Support.FULL, handler, "");
    var state = new GuestState(guest.process, false, List.of());
    return new Lowering("module", row, state).call(guest.caller(), args);
  }
}
