package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.Guests.start;
import static dev.vivarium.engine.chicory.Guests.trapOf;
import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.I64;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static dev.vivarium.engine.chicory.TinyModule.leb;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.engine.GuestTrap.Kind;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An indirect call ends where the table says at that moment, or in the trap that is due. */
class IndirectCallTest {
  /**
   * Function n of the type answers n; each seventh place is another type's, each eleventh empty.
   */
  private static final int OTHER_TYPE = 7;

  private static final int EMPTY = 11;

  private enum Table {
    CONSTANT,
    EXPORTED,
    CHANGED
  }

  /** A module whose export {@code at} calls through the place of the table that it is given. */
  private static final class Fixture {
    final TinyModule module = new TinyModule();
    final int number = module.type(new int[0], I32);
    final int[] functions;
    final int other;

    Fixture(Table table, int size, int distinct) {
      int at = module.type(new int[] {I32}, I32);
      module.memory(1).table(size);
      functions = IntStream.range(0, distinct).map(n -> module.function(number, i32(n))).toArray();
      other = module.function(module.type(new int[] {I64}, I64), bytes(0x20, 0));
      module.export("at", module.function(at, bytes(0x20, 0, 0x11, number, 0)));
      if (table == Table.EXPORTED) {
        module.exportTable("table");
      }
      if (table == Table.CHANGED) {
        // table.set to table.get
        int move = module.type(new int[] {I32, I32});
        module.export("move", module.function(move, bytes(0x20, 1, 0x20, 0, 0x25, 0, 0x26, 0)));
      }
      for (int place = 0; place < size; place++) {
        if (place % EMPTY != EMPTY - 1) {
          module.element(place, holds(place, distinct) < 0 ? other : functions[place % distinct]);
        }
      }
    }
  }

  /** What the function at a place answers; negative if it is none of the type. */
  private static int holds(int place, int distinct) {
    return place % EMPTY == EMPTY - 1 || place % OTHER_TYPE == OTHER_TYPE - 1
        ? -1
        : place % distinct;
  }

  @ParameterizedTest
  @EnumSource
  void everyPlaceGivesItsFunctionOrItsTrap(Table table) throws Exception {
    // places for one dispatching function; for some of 128 each; and with a rest
    for (int size : new int[] {1, 12, 127, 128, 129, 300, 1_000}) {
      int distinct = Math.min(size, 260);
      var guest = start(new Fixture(table, size, distinct).module);
      for (int place = 0; place < size; place++) {
        int answer = holds(place, distinct);
        if (answer >= 0) {
          assertThat(guest.call("at", place)).as("%d of %d", place, size).containsExactly(answer);
        } else {
          assertThat(trapOf(guest, "at", place))
              .as("%d of %d", place, size)
              .isEqualTo(
                  place % EMPTY == EMPTY - 1
                      ? Kind.UNINITIALIZED_ELEMENT
                      : Kind.INDIRECT_CALL_TYPE_MISMATCH);
        }
      }
      for (int place : new int[] {size, size + 1, size + 128, 1 << 20, Integer.MIN_VALUE, -1}) {
        assertThat(trapOf(guest, "at", place))
            .as("%d of %d", place, size)
            .isEqualTo(Kind.TABLE_OUT_OF_BOUNDS);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 300})
  void aTableThatTheGuestChangesIsLookedAtAnew(int size) throws Exception {
    var guest = start(new Fixture(Table.CHANGED, size, size).module);
    assertThat(guest.call("at", 1)).containsExactly(1);
    guest.call("move", 3, 1);
    assertThat(guest.call("at", 1)).containsExactly(3);
    guest.call("move", 1, 0);
    assertThat(guest.call("at", 0)).containsExactly(3);
  }

  @Test
  void aTableThatGrowsHoldsWhatItGrewBy() throws Exception {
    var fixture = new Fixture(Table.CONSTANT, 6, 6);
    var module = fixture.module;
    // table.grow by table.get 2
    int grow = module.type(new int[] {I32}, I32);
    module.export("grow", module.function(grow, cat(i32(2), bytes(0x25, 0, 0x20, 0, 0xFC, 15, 0))));
    var guest = start(module);
    assertThat(trapOf(guest, "at", 7)).isEqualTo(Kind.TABLE_OUT_OF_BOUNDS);
    assertThat(guest.call("grow", 2)).containsExactly(6);
    assertThat(guest.call("at", 7)).containsExactly(2);
    assertThat(trapOf(guest, "at", 8)).isEqualTo(Kind.TABLE_OUT_OF_BOUNDS);
  }

  @Test
  void aLaterSegmentWinsWhereTwoOverlap() throws Exception {
    var fixture = new Fixture(Table.CONSTANT, 140, 140);
    fixture.module.element(130, fixture.functions[4], fixture.other, fixture.functions[5]);
    var guest = start(fixture.module);
    assertThat(guest.call("at", 130)).containsExactly(4);
    assertThat(trapOf(guest, "at", 131)).isEqualTo(Kind.INDIRECT_CALL_TYPE_MISMATCH);
    assertThat(guest.call("at", 132)).containsExactly(5);
    assertThat(guest.call("at", 133)).containsExactly(133);
  }

  @Test
  void aTypeThatIsDeclaredTwiceIsOneType() throws Exception {
    var module = new TinyModule().table(2);
    int first = module.type(new int[0], I32);
    int second = module.type(new int[0], I32);
    int function = module.function(second, i32(42));
    module.element(0, function);
    module.export("f", module.function(first, cat(i32(0), bytes(0x11), leb(first), bytes(0))));
    assertThat(start(module).call("f")).containsExactly(42);
  }
}
