package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.Guests.load;
import static dev.vivarium.engine.chicory.Guests.padding;
import static dev.vivarium.engine.chicory.Guests.signature;
import static dev.vivarium.engine.chicory.Guests.start;
import static dev.vivarium.engine.chicory.TinyModule.EXTERNREF;
import static dev.vivarium.engine.chicory.TinyModule.F32;
import static dev.vivarium.engine.chicory.TinyModule.F64;
import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.I64;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.call;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.EngineBinding.ImportedFunction;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.InvalidModuleException;
import dev.vivarium.engine.LinkException;
import dev.vivarium.engine.ValueType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Host functions get what the guest passes, and the guest what they return. */
class ImportTest {
  private static final List<ValueType> ALL =
      List.of(ValueType.I32, ValueType.I64, ValueType.F32, ValueType.F64);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void numbersOfAllTypesPassUnchanged(boolean interpreted) throws IOException {
    var module = new TinyModule();
    int[] params = {I32, I64, F32, F64};
    var rows = new ArrayList<HostImport>();
    var seen = new ArrayList<long[]>();
    for (int i = 0; i < params.length; i++) {
      int result = i;
      module.importFunction("m", "f" + i, module.type(params, params[i]));
      rows.add(
          new HostImport(
              "m",
              "f" + i,
              signature(ALL, ALL.get(i)),
              (caller, args) -> {
                seen.add(args.clone());
                return args[result];
              }));
    }
    for (int i = 0; i < params.length; i++) {
      module.export(
          "g" + i,
          module.function(
              i, cat(padding(interpreted), bytes(0x20, 0, 0x20, 1, 0x20, 2, 0x20, 3), call(i))));
    }
    assertThat(load(module).interpretedFunctions()).isEqualTo(interpreted ? 4 : 0);
    var guest = start(module, rows.toArray(HostImport[]::new));
    long[][] samples = {
      {0, 0, 0, 0},
      {-1, -1, Float.floatToRawIntBits(-0f), Double.doubleToRawLongBits(-0d)},
      {
        Integer.MIN_VALUE,
        Long.MIN_VALUE,
        Float.floatToRawIntBits(1.5f),
        Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY)
      },
      {
        Integer.MAX_VALUE,
        Long.MAX_VALUE,
        Float.floatToRawIntBits(Float.NaN),
        Double.doubleToRawLongBits(Double.NaN)
      },
    };
    for (long[] sample : samples) {
      for (int i = 0; i < params.length; i++) {
        seen.clear();
        long result = guest.call("g" + i, sample)[0];
        long[] args = seen.get(0);
        assertThat(args[0]).isEqualTo(sample[0]);
        assertThat(args[1]).isEqualTo(sample[1]);
        assertThat((int) args[2]).isEqualTo((int) sample[2]);
        assertThat(args[3]).isEqualTo(sample[3]);
        assertThat(i == 2 ? (int) result : result).isEqualTo(i == 2 ? (int) sample[i] : sample[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anI32IsSignExtendedOnBothWays(boolean interpreted) throws IOException {
    var module = new TinyModule();
    int type = module.type(new int[] {I32}, I32);
    int host = module.importFunction("m", "f", type);
    int none = module.type(new int[0], I32);
    module.memory(1).data(0, bytes(0xFF, 0xFF, 0xFF, 0xFF));
    // i32.load of -1, and i32.rotr of 1 by 1
    module.export(
        "load",
        module.function(none, cat(padding(interpreted), i32(0), bytes(0x28, 0, 0), call(host))));
    module.export(
        "rotate",
        module.function(none, cat(padding(interpreted), i32(1), i32(1), bytes(0x78), call(host))));
    var seen = new ArrayList<Long>();
    var guest =
        start(
            module,
            new HostImport(
                "m",
                "f",
                signature(List.of(ValueType.I32), ValueType.I32),
                (caller, args) -> {
                  seen.add(args[0]);
                  return 0xFFFF_FFFFL;
                }));
    assertThat(guest.call("load")).containsExactly(-1);
    assertThat(guest.call("rotate")).containsExactly(-1);
    assertThat(seen).containsExactly(-1L, (long) Integer.MIN_VALUE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAHandlerThrowsPassesUnchanged(boolean interpreted) throws IOException {
    var module = new TinyModule();
    int none = module.type(new int[0]);
    int host = module.importFunction("m", "f", none);
    module.export("run", module.function(none, cat(padding(interpreted), call(host))));
    for (var thrown :
        List.of(
            new IllegalStateException("a"),
            new StackOverflowError(),
            new OutOfMemoryError(),
            new GuestTrap(GuestTrap.Kind.UNSUPPORTED_IMPORT, "b"),
            new com.dylibso.chicory.runtime.TrapException("c"))) {
      var guest =
          start(
              module,
              new HostImport(
                  "m",
                  "f",
                  signature(List.of()),
                  (caller, args) -> {
                    throw HostImportThrower.sneak(thrown);
                  }));
      assertThatThrownBy(() -> guest.call("run")).isSameAs(thrown);
    }
  }

  @Test
  void aHandlerCanCallTheGuestAndSeeItsMemory() throws IOException {
    var module = new TinyModule();
    int none = module.type(new int[0]);
    int host = module.importFunction("m", "f", none);
    module.memory(1).data(3, bytes(42));
    module.export("run", module.function(none, call(host)));
    module.export("store", module.function(none, cat(i32(0), i32(7), bytes(0x36, 0, 0))));
    module.export("trap", module.function(none, bytes(0x00)));
    module.start(host);
    var seen = new ArrayList<Integer>();
    var guest =
        start(
            module,
            new HostImport(
                "m",
                "f",
                signature(List.of()),
                (caller, args) -> {
                  seen.add((int) caller.memory().readByte(3));
                  if (seen.size() > 1) {
                    caller.call("store");
                    seen.add(caller.memory().readInt(0));
                    assertThatThrownBy(() -> caller.call("trap")).isInstanceOf(GuestTrap.class);
                  }
                  return 0;
                }));
    assertThat(seen).containsExactly(42);
    guest.call("run");
    assertThat(seen).containsExactly(42, 42, 7);
  }

  @Test
  void tellsWhatItImportsInTheOrderOfTheModule() throws IOException {
    var module = new TinyModule();
    int one = module.type(new int[] {I32, I64}, F64);
    int two = module.type(new int[0]);
    module.importFunction("b", "y", one);
    module.importFunction("a", "x", two);
    module.export("f", module.function(two, bytes()));
    var loaded = load(module);
    assertThat(loaded.importedFunctions())
        .containsExactly(
            new ImportedFunction(
                "b", "y", signature(List.of(ValueType.I32, ValueType.I64), ValueType.F64)),
            new ImportedFunction("a", "x", signature(List.of())));
    assertThat(loaded.exportsFunction("f")).isTrue();
    assertThat(loaded.exportsFunction("x")).isFalse();
  }

  @Test
  void aLinkFailureNamesAllThatIsWrong() throws IOException {
    var module = new TinyModule();
    int one = module.type(new int[] {I32}, I32);
    module.importFunction("m", "missing", one);
    module.importFunction("m", "other", one);
    module.importFunction("m", "fine", one);
    module.importGlobal("env", "base", I32);
    module.importTable("env", "table", 1);
    var type = signature(List.of(ValueType.I32), ValueType.I32);
    var loaded = load(module);
    assertThatThrownBy(
            () ->
                loaded.instantiate(
                    List.of(
                        new HostImport("m", "fine", type, (caller, args) -> 0),
                        new HostImport("m", "other", signature(List.of()), (caller, args) -> 0),
                        new HostImport("x", "missing", type, (caller, args) -> 0)),
                    1 << 20))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("m.missing (i32) -> (i32) is missing")
        .hasMessageContaining("m.other is () -> (), but the module wants (i32) -> (i32)")
        .hasMessageContaining("env.base is a global")
        .hasMessageContaining("env.table is a table")
        .message()
        .doesNotContain("fine")
        .doesNotContain("\n");
  }

  @Test
  void theSameFunctionMayBeImportedTwice() throws IOException {
    var module = new TinyModule();
    int type = module.type(new int[0], I32);
    module.importFunction("m", "f", type);
    int second = module.importFunction("m", "f", type);
    module.export("run", module.function(type, call(second)));
    var guest =
        start(
            module,
            new HostImport("m", "f", signature(List.of(), ValueType.I32), (caller, args) -> 5));
    assertThat(guest.call("run")).containsExactly(5);
  }

  @Test
  void anImportThatPassesNoNumbersIsRefused() {
    var module = new TinyModule();
    module.importFunction("m", "f", module.type(new int[] {EXTERNREF}));
    assertThatThrownBy(() -> load(module))
        .isInstanceOf(InvalidModuleException.class)
        .hasMessageContaining("m.f");
  }

  @Test
  void callsOfWhatIsNotThereAreTheCallersFault() throws IOException {
    var module = new TinyModule();
    module.export("f", module.function(module.type(new int[] {I32}), bytes()));
    var guest = start(module);
    assertThatThrownBy(() -> guest.call("g")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> guest.call("f")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> guest.call("f", 1, 2)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Throws what a handler may not declare. */
  private static final class HostImportThrower {
    private static RuntimeException sneak(Throwable thrown) {
      return HostImportThrower.<RuntimeException>raise(thrown);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException raise(Throwable thrown) throws T {
      throw (T) thrown;
    }
  }
}
