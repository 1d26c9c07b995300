package dev.vivarium.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.GuestTrap;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandleTableTest {
  private final HandleTable table = new HandleTable();

  @Test
  void aHandleNamesItsValueUntilItIsRemoved() {
    int handle = table.add(42);

    assertThat(table.get(handle)).isEqualTo(42);
    assertThat(table.remove(handle)).isEqualTo(42);
    assertThatThrownBy(() -> table.get(handle)).isInstanceOf(GuestTrap.class);
    assertThatThrownBy(() -> table.remove(handle)).isInstanceOf(GuestTrap.class);
  }

  @Test
  void aNumberThatIsNoHandleIsATrap() {
    table.add(1);

    for (int handle : new int[] {-1, 1, 16, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      assertThatThrownBy(() -> table.get(handle)).isInstanceOf(GuestTrap.class);
    }
  }

  @Test
  void itHoldsWhatAMapHolds() {
    var random = new Random(7);
    Map<Integer, Integer> model = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      if (model.isEmpty() || random.nextInt(5) < 3) {
        int value = random.nextInt();
        assertThat(model.put(table.add(value), value)).as("handle was free").isNull();
      } else {
        var handle = model.keySet().iterator().next();
        assertThat(table.remove(handle)).isEqualTo(model.remove(handle));
      }
    }
    model.forEach((handle, value) -> assertThat(table.get(handle)).isEqualTo(value));
  }

  @Test
  void aGuestCannotGrowItWithoutBound() {
    for (int i = 0; i < HandleTable.LIMIT; i++) {
      table.add(i);
    }

    assertThatThrownBy(() -> table.add(0)).isInstanceOf(GuestTrap.class);

    table.remove(17);
    assertThat(table.add(0)).isEqualTo(17);
  }
}
