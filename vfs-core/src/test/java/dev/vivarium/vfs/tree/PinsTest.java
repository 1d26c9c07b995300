package dev.vivarium.vfs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinsTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 40, 3000})
  void theyCountWhateverComesAndGoes(int numbers) {
    var random = new Random(numbers);
    var pins = new Pins();
    var model = new HashMap<Long, Integer>();
    for (int i = 0; i < 20_000; i++) {
      long ino = 1 + random.nextInt(numbers);
      if (model.containsKey(ino) && random.nextBoolean()) {
        int left = model.get(ino) - 1;
        assertThat(pins.remove(ino)).isEqualTo(left == 0);
        if (left == 0) {
          model.remove(ino);
        } else {
          model.put(ino, left);
        }
      } else {
        pins.add(ino);
        model.merge(ino, 1, Integer::sum);
      }
      long other = 1 + random.nextInt(numbers);
      assertThat(pins.contains(other)).isEqualTo(model.containsKey(other));
    }
    model.keySet().forEach(ino -> assertThat(pins.contains(ino)).isTrue());
  }
}
