package dev.vivarium.engine.chicory;

import static dev.vivarium.engine.chicory.Guests.start;
import static dev.vivarium.engine.chicory.Guests.trapOf;
import static dev.vivarium.engine.chicory.TinyModule.I32;
import static dev.vivarium.engine.chicory.TinyModule.I64;
import static dev.vivarium.engine.chicory.TinyModule.bytes;
import static dev.vivarium.engine.chicory.TinyModule.cat;
import static dev.vivarium.engine.chicory.TinyModule.i32;
import static dev.vivarium.engine.chicory.TinyModule.i64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.engine.GuestTrap.Kind;
import org.junit.jupiter.api.Test;

/** A load gives what is in memory, also where the splitter leaves it out. */
class StoreForwardingTest {
  // Parameters: two addresses and a value.
  private static final int P = 0;
  private static final int Q = 1;
  private static final int VALUE = 2;

  private final TinyModule module = new TinyModule().memory(1);

  private static byte[] get(int local) {
    return bytes(0x20, local);
  }

  private static byte[] set(int local, byte[] value) {
    return cat(value, bytes(0x21, local));
  }

  private static byte[] load(int base, int offset) {
    return cat(get(base), bytes(0x28, 2, offset));
  }

  private static byte[] store(int base, int offset, byte[] value) {
    return cat(get(base), value, bytes(0x36, 2, offset));
  }

  /** What a function of two addresses and a value gives. */
  private int result(byte[] code, int p, int q, int value) throws Exception {
    int type = module.type(new int[] {I32, I32, I32}, I32);
    module.export("f", module.function(type, code));
    return (int) start(module).call("f", p, q, value)[0];
  }

  @Test
  void whatWasStoredIsLoaded() throws Exception {
    var code =
        cat(store(P, 8, get(VALUE)), store(P, 12, i32(3)), load(P, 8), load(P, 12), bytes(0x6a));

    assertThat(result(code, 64, 0, 39)).isEqualTo(42);
  }

  @Test
  void aStoreThroughAnotherAddressIsSeen() throws Exception {
    var code = cat(store(P, 8, i32(1)), store(Q, 0, get(VALUE)), load(P, 8));

    assertThat(result(code, 64, 72, 5)).isEqualTo(5);
  }

  @Test
  void aStoreOfAPartIsSeen() throws Exception {
    var part = cat(get(P), get(VALUE), bytes(0x3a, 0, 9));
    var code = cat(store(P, 8, i32(0)), part, load(P, 8));

    assertThat(result(code, 64, 0, 0x77)).isEqualTo(0x7700);
  }

  @Test
  void aStoreThatOverlapsIsSeen() throws Exception {
    var wide = cat(get(P), i64(0x1122_3344_5566_7788L), bytes(0x37, 0, 4));
    var code = cat(store(P, 8, i32(0)), wide, load(P, 8));

    assertThat(result(code, 64, 0, 0)).isEqualTo(0x11223344);
  }

  @Test
  void anAddressThatChangesLeadsElsewhere() throws Exception {
    var code = cat(store(Q, 8, i32(7)), store(P, 8, i32(1)), set(P, get(Q)), load(P, 8));

    assertThat(result(code, 64, 128, 0)).isEqualTo(7);
  }

  @Test
  void aValueThatChangesAfterwardsWasStoredBefore() throws Exception {
    var code = cat(store(P, 8, get(VALUE)), set(VALUE, i32(9)), load(P, 8));

    assertThat(result(code, 64, 0, 4)).isEqualTo(4);
  }

  @Test
  void whatACallStoresIsSeen() throws Exception {
    int type = module.type(new int[] {I32});
    int callee = module.function(type, store(0, 8, i32(6)));
    var code = cat(store(P, 8, i32(1)), get(P), bytes(0x10, callee), load(P, 8));

    assertThat(result(code, 64, 0, 0)).isEqualTo(6);
  }

  @Test
  void whatOneArmStoresIsSeenBehindBoth() throws Exception {
    var arm = cat(get(VALUE), bytes(0x04, 0x40), store(P, 8, i32(2)), bytes(0x0b));
    var code = cat(store(P, 8, i32(1)), arm, load(P, 8));

    assertThat(result(code, 64, 0, 1)).isEqualTo(2);
  }

  @Test
  void aLoopSeesWhatItsLastRoundHasStored() throws Exception {
    // Loads the sum, adds the value, stores it, counts the value down.
    var round =
        cat(
            store(P, 8, cat(load(P, 8), get(VALUE), bytes(0x6a))),
            set(VALUE, cat(get(VALUE), i32(1), bytes(0x6b))),
            get(VALUE));
    var code = cat(store(P, 8, i32(0)), bytes(0x03, 0x40), round, bytes(0x0d, 0, 0x0b), load(P, 8));

    assertThat(result(code, 64, 0, 4)).isEqualTo(10);
  }

  @Test
  void aLoadOfAnotherTypeIsALoad() throws Exception {
    var wide = cat(get(P), bytes(0x29, 0, 8), i64(32), bytes(0x88, 0xa7));
    var code = cat(store(P, 12, get(VALUE)), store(P, 8, i32(-1)), wide);

    assertThat(result(code, 64, 0, 21)).isEqualTo(21);
  }

  @Test
  void aLoadOutsideOfMemoryTraps() throws Exception {
    int type = module.type(new int[] {I32, I64}, I32);
    var twice = cat(load(P, 0), bytes(0x1a), load(P, 0));
    module.export("f", module.function(type, twice));
    var guest = start(module);

    assertThat(trapOf(guest, "f", 1 << 16, 0)).isEqualTo(Kind.MEMORY_OUT_OF_BOUNDS);
    assertThat(guest.call("f", 64, 0)).containsExactly(0);
  }
}
