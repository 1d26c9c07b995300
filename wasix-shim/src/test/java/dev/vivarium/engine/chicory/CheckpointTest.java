package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.Guests.MEGABYTE;
import static dev.vivarium.engine.chicory.Guests.signature;
import static dev.vivarium.engine.chicory.TinyModule.F32;
import static dev.vivarium.engine.chicory.TinyModule.F64;
import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.I64;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.call;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static dev.vivarium.engine.chicory.TinyModule.i64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.Checkpoint;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.InstanceState;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.MemoryLimitException;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.ValueType;
import dev.vivarium.engine.WasmSource;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guest that is stopped, kept and gone on from does what one that was never stopped does. */
class CheckpointTest {
  private static final int END = 0x0B;
  private static final int BLOCK = 0x02;
  private static final int VOID = 0x40;

  /** The calls of {@code run} that a guest may be stopped before. */
  private static final int PLACES = 8;

  private final List<Long> notes = new ArrayList<>();

  private HostImport note() {
    return new HostImport(
        "env",
        "note",
        signature(List.of(ValueType.I32)),
        (caller, args) -> {
          notes.add(args[0]);
          return 0;
        });
  }

  /**
   * A function with places in blocks, in both arms of an if, behind branches and between them, with
   * locals of all types, which it adds up in memory and in a global at the end.
   */
  private static TinyModule module() {
    var module = new TinyModule();
    int note = module.importFunction("env", "note", module.type(new int[] {I32}));
    int run = module.type(new int[0]);
    int peek = module.type(new int[] {I32}, I64);
    module.memory(1, 4).table(4).global(I64, 1, i64(5)).data(8, new byte[] {1, 2, 3});
    byte[] code =
        cat(
            set(0, i32(70)),
            set(1, i64(1L << 40)),
            set(2, cat(bytes(0x43), new byte[] {0, 0, (byte) 0x80, 0x3F})),
            set(3, cat(bytes(0x44), new byte[] {0, 0, 0, 0, 0, 0, 0, 0x40})),
            note(note, i32(1)), // 0
            bytes(BLOCK, VOID, BLOCK, VOID),
            note(note, i32(2)), // 1
            bytes(0x20, 0, 0x45, 0x0D, 0), // local.get 0, i32.eqz, br_if 0
            note(note, bytes(0x20, 0)), // 2
            bytes(0x20, 0, 0x04, VOID), // if
            set(0, i32(71)),
            note(note, i32(3)), // 3
            bytes(BLOCK, VOID, 0x20, 0, 0x0D, 0),
            note(note, i32(99)), // 4: never reached
            bytes(END),
            note(note, bytes(0x20, 0)), // 5
            bytes(0x41, 0, 0x04, VOID), // i32.const 0, if
            note(note, i32(98)), // 6: never reached
            bytes(0x05), // else
            set(1, i64(1L << 41)),
            note(note, i32(4)), // 7
            bytes(0x0C, 2), // br out of the inner block
            bytes(END),
            bytes(END),
            note(note, i32(97)),
            bytes(END),
            note(note, i32(5)),
            bytes(END),
            bytes(0x41, 1, 0x40, 0, 0x1A), // memory.grow
            // global 0 += local 1 + trunc(local 2 + local 3)
            bytes(0x23, 0, 0x20, 1, 0x7C, 0x20, 2, 0xBB, 0x20, 3, 0xA0, 0xB0, 0x7C, 0x24, 0),
            // memory[16] = local 0
            bytes(0x41, 16, 0x20, 0, 0x36, 2, 0));
    int function = module.function(run, bytes(4, 1, I32, 1, I64, 1, F32, 1, F64), code);
    int read = module.function(peek, bytes(0x20, 0, 0x29, 0, 0));
    int global = module.function(module.type(new int[0], I64), bytes(0x23, 0));
    module.element(1, function, read);
    return module.export("run", function).export("read", read).export("global", global);
  }

  private static byte[] set(int local, byte[] value) {
    return cat(value, bytes(0x21, local));
  }

  private static byte[] note(int function, byte[] value) {
    return cat(value, call(function));
  }

  private static ChicoryModule load(TinyModule module, int function, int call) throws IOException {
    return load(module, Checkpoint.at(function, call));
  }

  private static ChicoryModule load(TinyModule module, Checkpoint checkpoint) throws IOException {
    var source = WasmSource.of("tiny", module.build(), Optional.of(checkpoint));
    return ChicoryEngine.withoutCache().load(source, Progress.NONE);
  }

  private List<Long> end(ChicoryInstance guest) {
    var end = new ArrayList<>(notes);
    end.add(guest.call("global")[0]);
    end.add(guest.call("read", 8)[0]);
    end.add(guest.call("read", 16)[0]);
    end.add(guest.memory().size());
    return end;
  }

  private List<Long> whole() throws IOException {
    var guest = Guests.load(module()).instantiate(List.of(note()), MEGABYTE);
    guest.call("run");
    var end = end(guest);
    notes.clear();
    return end;
  }

  private static final int OUTER = 1;
  private static final int MIDDLE = 2;
  private static final int INNER = 3;

  /**
   * Functions that call each other with operands, in a block, with locals that change before the
   * call and in its operands, and with results that are used behind it.
   */
  private static TinyModule nested() {
    var module = new TinyModule();
    int note = module.importFunction("env", "note", module.type(new int[] {I32}));
    int run = module.type(new int[0]);
    int two = module.type(new int[] {I32, I32}, I32);
    int one = module.type(new int[] {I32}, I32);
    int read = module.type(new int[] {I32}, I64);
    module.memory(1, 4).global(I64, 1, i64(5));
    // local 0 = 5; local 1 = middle(local 0, 9); note(local 1); memory[16] = local 1 + local 0
    module.function(
        run,
        bytes(1, 2, I32),
        cat(
            set(0, i32(5)),
            bytes(0x20, 0),
            i32(9),
            call(MIDDLE),
            bytes(0x21, 1),
            note(note, bytes(0x20, 1)),
            bytes(0x41, 16, 0x20, 1, 0x20, 0, 0x6A, 0x36, 2, 0)));
    // local 2 = 7; in a block: note(2), if not 0: local 0 = inner(local 2 = local 2 + local 1)
    module.function(
        two,
        bytes(1, 1, I32),
        cat(
            set(2, i32(7)),
            bytes(BLOCK, VOID),
            note(note, i32(2)),
            bytes(0x20, 0, 0x04, VOID),
            bytes(0x20, 2, 0x20, 1, 0x6A, 0x22, 2),
            call(INNER),
            bytes(0x21, 0),
            bytes(END, END),
            note(note, bytes(0x20, 2)),
            bytes(0x20, 0, 0x20, 1, 0x6A)));
    module.function(
        one,
        bytes(1, 1, I64),
        cat(
            set(1, i64(77)),
            note(note, i32(3)),
            note(note, bytes(0x20, 0)),
            bytes(0x20, 0, 0x20, 1, 0xA7, 0x6A)));
    int reading = module.function(read, bytes(0x20, 0, 0x29, 0, 0));
    int global = module.function(module.type(new int[0], I64), bytes(0x23, 0));
    return module.export("run", OUTER).export("read", reading).export("global", global);
  }

  @Test
  void functionsThatHaveCalledOneAnotherGoOnFromTheInnermost() throws IOException {
    var uninterrupted = Guests.load(nested()).instantiate(List.of(note()), MEGABYTE);
    uninterrupted.call("run");
    var whole = end(uninterrupted);
    assertThat(whole).startsWith(2L, 3L, 16L, 16L, 102L);
    notes.clear();
    var calls =
        List.of(
            new Checkpoint.Call(OUTER, 0),
            new Checkpoint.Call(MIDDLE, 1),
            new Checkpoint.Call(INNER, 1));
    var module = load(nested(), new Checkpoint(calls));
    var first = module.instantiate(List.of(note()), MEGABYTE);

    assertThat(first.callToCheckpoint("run")).isTrue();

    assertThat(notes).containsExactly(2L, 3L);
    var state = copy(first.state().orElseThrow());
    first.resume();
    assertThat(end(first)).isEqualTo(whole);
    notes.clear();
    notes.addAll(List.of(2L, 3L));
    var other = module.instantiate(List.of(note()), MEGABYTE, state);
    other.resume();
    assertThat(end(other)).isEqualTo(whole);
    notes.clear();
    var third = module.instantiate(List.of(note()), MEGABYTE);
    third.call("run");
    assertThat(end(third)).as("not stopped").isEqualTo(whole);
  }

  @Test
  void callsThatAreNoChainAreRefused() {
    var calls =
        List.of(
            List.of(new Checkpoint.Call(OUTER, 0), new Checkpoint.Call(INNER, 0)),
            List.of(new Checkpoint.Call(OUTER, 1), new Checkpoint.Call(MIDDLE, 0)),
            List.of(new Checkpoint.Call(MIDDLE, 1), new Checkpoint.Call(MIDDLE, 0)));
    for (var chain : calls) {
      assertThatThrownBy(() -> load(nested(), new Checkpoint(chain)))
          .as("%s", chain)
          .isInstanceOf(InvalidModuleException.class);
    }
    assertThatThrownBy(() -> new Checkpoint(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    // inner(inner's operand) + 1, with the 1 below
    var module = new TinyModule().memory(1);
    int type = module.type(new int[0], I32);
    module.function(type, cat(i32(1), call(1), bytes(0x6A)));
    module.function(type, cat(call(0)));
    var below = List.of(new Checkpoint.Call(0, 0), new Checkpoint.Call(1, 0));
    assertThatThrownBy(() -> load(module, new Checkpoint(below)))
        .isInstanceOf(InvalidModuleException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void aStoppedGuestGoesOnInItsOwnInstanceAndInOthers(int place) throws IOException {
    assertThat(place).isLessThan(PLACES);
    var whole = whole();
    var module = load(module(), 1, place);
    var first = module.instantiate(List.of(note()), MEGABYTE);

    boolean stopped = first.callToCheckpoint("run");

    assertThat(stopped).isEqualTo(place != 4 && place != 6);
    if (!stopped) {
      assertThat(end(first)).isEqualTo(whole);
      return;
    }
    var before = List.copyOf(notes);
    var state = copy(first.state().orElseThrow());
    first.resume();
    assertThat(end(first)).isEqualTo(whole);
    for (int i = 0; i < 2; i++) {
      notes.clear();
      notes.addAll(before);
      var other = module.instantiate(List.of(note()), MEGABYTE, state);
      other.resume();
      assertThat(end(other)).isEqualTo(whole);
    }
  }

  /** By way of its bytes. */
  private static InstanceState copy(InstanceState state) throws IOException {
    var bytes = new ByteArrayOutputStream();
    state.write(new DataOutputStream(bytes));
    return InstanceState.read(ByteBuffer.wrap(bytes.toByteArray()));
  }

  @Test
  void aGuestThatIsNotToBeStoppedIsNot() throws IOException {
    var whole = whole();
    var guest = load(module(), 1, 3).instantiate(List.of(note()), MEGABYTE);

    guest.call("run");

    assertThat(end(guest)).isEqualTo(whole);
  }

  @Test
  void aTrapOnTheWayIsNoStop() throws IOException {
    var module = new TinyModule();
    int note = module.importFunction("env", "note", module.type(new int[] {I32}));
    int run =
        module.function(
            module.type(new int[0]), cat(bytes(0x41, 1, 0x04, VOID, 0, END), note(note, i32(1))));
    module.memory(1).export("run", run);
    var guest = load(module, run, 0).instantiate(List.of(note()), MEGABYTE);

    assertThatThrownBy(() -> guest.callToCheckpoint("run")).isInstanceOf(GuestTrap.class);
  }

  @Test
  void aTableIsAsItWasLeftAndItsFunctionsCanBeCalled() throws IOException {
    var module = load(module(), 1, 5);
    var first = module.instantiate(List.of(note()), MEGABYTE);
    first.callToCheckpoint("run");

    var other = module.instantiate(List.of(note()), MEGABYTE, first.state().orElseThrow());

    assertThat(other.callElement(2, 8)).containsExactly(0x030201);
    assertThatThrownBy(() -> other.callElement(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> other.callElement(3)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> other.callElement(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> other.callElement(2)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStateBeyondTheMemoryLimitIsRefused() throws IOException {
    var module = load(module(), 1, 0);
    var first = module.instantiate(List.of(note()), MEGABYTE);
    first.call("run");
    var state = first.state().orElseThrow();

    assertThat(state.memoryBytes()).isEqualTo(2 << 16);
    assertThatThrownBy(() -> module.instantiate(List.of(note()), 1 << 16, state))
        .isInstanceOf(MemoryLimitException.class);
  }

  @Test
  void aStateOfAnotherModuleIsRefused() throws IOException {
    var state = Guests.start(new TinyModule().memory(1)).state().orElseThrow();

    assertThatThrownBy(() -> load(module(), 1, 0).instantiate(List.of(note()), MEGABYTE, state))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDamagedStateIsNoState() throws IOException {
    var out = new ByteArrayOutputStream();
    Guests.start(module(), note()).state().orElseThrow().write(new DataOutputStream(out));
    var bytes = out.toByteArray();

    for (int length = 0; length < bytes.length; length++) {
      var cut = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> InstanceState.read(cut)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aModuleWithoutACheckpointSaysSo() throws IOException {
    var module = Guests.load(module());
    var guest = module.instantiate(List.of(note()), MEGABYTE);

    assertThat(module.hasCheckpoint()).isFalse();
    assertThatThrownBy(() -> guest.callToCheckpoint("run"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(guest::resume).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aPlaceThatIsNoneIsRefused() {
    assertThatThrownBy(() -> load(module(), 1, 50)).isInstanceOf(InvalidModuleException.class);
    assertThatThrownBy(() -> load(module(), 0, 0)).isInstanceOf(InvalidModuleException.class);
    assertThatThrownBy(() -> load(module(), 77, 0)).isInstanceOf(InvalidModuleException.class);
    assertThatThrownBy(() -> load(around(bytes(0x03, VOID), bytes(END)), 1, 0))
        .as("in a loop")
        .isInstanceOf(InvalidModuleException.class);
    assertThatThrownBy(() -> load(around(bytes(0x41, 1, BLOCK, VOID), bytes(END, 0x1A)), 1, 0))
        .as("with an operand below")
        .isInstanceOf(InvalidModuleException.class);
  }

  private static TinyModule around(byte[] before, byte[] after) {
    var module = new TinyModule().memory(1);
    int note = module.importFunction("env", "note", module.type(new int[] {I32}));
    module.function(module.type(new int[0]), cat(before, note(note, i32(1)), after));
    return module;
  }
}
