package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.Guests.start;
import static dev.vivarium.engine.chicory.TinyModule.FUNCREF;
import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.I64;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.call;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static dev.vivarium.engine.chicory.TinyModule.i64;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Functions that the splitter leaves whole run, and so do those that call them. */
class WholeFunctionsTest {
  @Test
  void ofSeveralResultsEachIsTakenByWhatTakesIt() throws Exception {
    var module = new TinyModule();
    int three =
        module.function(module.type(new int[0], I32, I64, I32), cat(i32(7), i64(8), i32(9)));
    int number = module.type(new int[0], I32);
    // drops of the last two, then one is read; each is set, and not all are read
    module.export(
        "drop", module.function(number, bytes(1, 1, I32), cat(call(three), bytes(0x1A, 0x1A))));
    module.export(
        "unread",
        module.function(
            number,
            bytes(3, 1, I32, 1, I64, 1, I32),
            cat(call(three), bytes(0x21, 0, 0x21, 1, 0x21, 2, 0x20, 2))));
    module.export(
        "read",
        module.function(
            number,
            bytes(3, 1, I32, 1, I64, 1, I32),
            cat(
                call(three),
                bytes(0x21, 0, 0x21, 1, 0x21, 2),
                bytes(0x20, 0, 0x20, 1, 0xA7, 0x6B, 0x20, 2, 0x6C))));
    module.export(
        "first",
        module.function(
            number, bytes(1, 1, I64), cat(call(three), bytes(0x1A, 0x21, 0, 0x20, 0, 0xA7, 0x6B))));
    var guest = start(module);
    assertThat(guest.call("drop")).containsExactly(7);
    assertThat(guest.call("unread")).containsExactly(7);
    assertThat(guest.call("read")).containsExactly((9 - 8) * 7);
    assertThat(guest.call("first")).containsExactly(7 - 8);
  }

  @Test
  void aBranchToTheFunctionsOwnLabelLeavesItAlsoWhereABlockEndsLast() throws Exception {
    var module = new TinyModule().global(I32, 1, i32(0));
    int one = module.type(new int[] {I32});
    // a local that is a reference; br_if 0; block global.set 0 end
    module.export(
        "f",
        module.function(
            one,
            bytes(1, 1, FUNCREF),
            cat(bytes(0x20, 0, 0x0D, 0, 0x02, 0x40), i32(5), bytes(0x24, 0, 0x0B))));
    module.export("g", module.function(module.type(new int[0], I32), bytes(0x23, 0)));
    var guest = start(module);
    guest.call("f", 1);
    assertThat(guest.call("g")).containsExactly(0);
    guest.call("f", 0);
    assertThat(guest.call("g")).containsExactly(5);
  }
}
