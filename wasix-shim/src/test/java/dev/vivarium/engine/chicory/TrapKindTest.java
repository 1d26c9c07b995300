package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.TinyModule.F64;
import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.call;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.GuestTrap.Kind;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.WasmSource;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a guest does wrong ends as a {@link GuestTrap} that says what it was. */
class TrapKindTest {
  private static final byte[] DROP = bytes(0x1A);

  static Stream<Arguments> traps() {
    return Stream.of(
        Arguments.of(Kind.UNREACHABLE, bytes(0x00)),
        Arguments.of(Kind.INTEGER_DIVIDE_BY_ZERO, cat(i32(1), i32(0), bytes(0x6D), DROP)),
        Arguments.of(Kind.INTEGER_DIVIDE_BY_ZERO, cat(i32(1), i32(0), bytes(0x70), DROP)),
        Arguments.of(
            Kind.INTEGER_OVERFLOW, cat(i32(Integer.MIN_VALUE), i32(-1), bytes(0x6D), DROP)),
        // i32.trunc_f64_s of a NaN and of 2^62
        Arguments.of(
            Kind.INVALID_CONVERSION_TO_INTEGER,
            cat(bytes(0x44, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F, 0xAA), DROP)),
        Arguments.of(
            Kind.INTEGER_OVERFLOW, cat(bytes(0x44, 0, 0, 0, 0, 0, 0, 0xD0, 0x43, 0xAA), DROP)),
        // call_indirect of type 0 in table 0: a hole, another type, beyond the end
        Arguments.of(Kind.UNINITIALIZED_ELEMENT, cat(i32(1), bytes(0x11, 0, 0))),
        Arguments.of(Kind.INDIRECT_CALL_TYPE_MISMATCH, cat(i32(0), bytes(0x11, 0, 0))),
        Arguments.of(Kind.TABLE_OUT_OF_BOUNDS, cat(i32(2), bytes(0x11, 0, 0))),
        Arguments.of(Kind.TABLE_OUT_OF_BOUNDS, cat(i32(-1), bytes(0x11, 0, 0))),
        // table.fill beyond the end
        Arguments.of(
            Kind.TABLE_OUT_OF_BOUNDS, cat(i32(1), bytes(0xD0, 0x70), i32(2), bytes(0xFC, 17, 0))),
        // throw of tag 0
        Arguments.of(Kind.UNCAUGHT_EXCEPTION, bytes(0x08, 0)));
  }

  @ParameterizedTest
  @MethodSource("traps")
  void namesWhatTheGuestDid(Kind kind, byte[] code) throws IOException {
    var module = new TinyModule();
    int none = module.type(new int[0]);
    int other = module.type(new int[] {I32, F64}, I32);
    module.memory(1).table(2).tag(none);
    module.element(0, module.function(other, i32(0)));
    module.export("run", module.function(none, code));
    var guest = instance(module);
    assertThatThrownBy(() -> guest.call("run"))
        .isInstanceOfSatisfying(
            GuestTrap.class, trap -> assertThat(trap.kind()).as(trap.getMessage()).isEqualTo(kind));
  }

  @Test
  void aTrapInTheStartFunctionIsATrap() throws IOException {
    var module = new TinyModule();
    int none = module.type(new int[0]);
    module.start(module.function(none, bytes(0x00)));
    var loaded = load(module);
    assertThatThrownBy(() -> loaded.instantiate(List.of(), 1 << 20))
        .isInstanceOfSatisfying(
            GuestTrap.class, trap -> assertThat(trap.kind()).isEqualTo(Kind.UNREACHABLE));
  }

  @Test
  void dataBeyondTheMemoryIsATrap() throws IOException {
    var loaded = load(new TinyModule().memory(1).data(65_535, bytes(1, 2)));
    assertThatThrownBy(() -> loaded.instantiate(List.of(), 1 << 20))
        .isInstanceOfSatisfying(
            GuestTrap.class, trap -> assertThat(trap.kind()).isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS));
  }

  @Test
  void endlessRecursionExhaustsTheStackAndNoMore() throws Exception {
    var module = new TinyModule();
    int none = module.type(new int[0]);
    module.export("run", module.function(none, call(0)));
    module.export("fine", module.function(none, bytes()));
    var guest = instance(module);
    assertThatThrownBy(() -> guest.call("run"))
        .isInstanceOfSatisfying(
            GuestTrap.class, trap -> assertThat(trap.kind()).isEqualTo(Kind.STACK_EXHAUSTED));
    assertThat(guest.call("fine")).isEmpty();
  }

  private static ChicoryModule load(TinyModule module) throws IOException {
    return ChicoryEngine.withoutCache().load(WasmSource.of("tiny", module.build()), Progress.NONE);
  }

  private static ChicoryInstance instance(TinyModule module) throws IOException {
    return load(module).instantiate(List.of(), 1 << 20);
  }
}
