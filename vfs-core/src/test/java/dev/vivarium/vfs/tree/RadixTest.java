package dev.vivarium.vfs.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RadixTest {

  private record Copy(Radix radix, TreeMap<Long, Object> model) {}

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 6, 12, 40, 63})
  void itIsASortedMapAndItsCopiesStay(int bits) {
    var random = new Random(bits);
    var radix = new Radix();
    var model = new TreeMap<Long, Object>();
    List<Copy> copies = new ArrayList<>();
    long epoch = 1;
    for (int i = 0; i < 4000; i++) {
      long key = random.nextLong() >>> (64 - bits) >>> random.nextInt(bits);
      switch (random.nextInt(5)) {
        case 0, 1, 2 -> {
          radix.reserve(key, epoch);
          radix.set(key, i);
          model.put(key, i);
        }
        case 3 -> {
          if (model.remove(key) != null) {
            radix.reserve(key, epoch);
            radix.clear(key);
          }
        }
        default -> {
          if (random.nextInt(20) == 0) {
            var removed = new ArrayList<Object>();
            radix.clearFrom(key, epoch, removed::add);
            assertThat(removed).containsExactlyInAnyOrderElementsOf(model.tailMap(key).values());
            model.tailMap(key).clear();
          }
        }
      }
      assertThat(radix.get(key)).isEqualTo(model.get(key));
      var next = model.ceilingKey(key);
      assertThat(radix.nextKey(key)).isEqualTo(next == null ? -1 : next);
      assertThat(radix.isEmpty()).isEqualTo(model.isEmpty());
      if (i % 400 == 0) {
        copies.add(new Copy(radix.copy(), new TreeMap<>(model)));
        epoch++;
      }
    }
    for (var copy : copies) {
      var values = new ArrayList<Object>();
      copy.radix.forEach(values::add);
      assertThat(values).containsExactlyElementsOf(copy.model.values());
    }
    for (int i = 1; i < copies.size(); i++) {
      assertDifference(copies.get(i - 1), copies.get(i));
      assertDifference(copies.get(random.nextInt(i)), copies.get(i));
    }
  }

  private static void assertDifference(Copy before, Copy after) {
    var expected = new TreeMap<Long, List<Object>>();
    for (var map : List.of(before.model, after.model)) {
      for (long key : map.keySet()) {
        if (before.model.get(key) != after.model.get(key)) {
          var pair = new ArrayList<>();
          pair.add(before.model.get(key));
          pair.add(after.model.get(key));
          expected.put(key, pair);
        }
      }
    }
    var found = new TreeMap<Long, List<Object>>();
    Radix.diff(
        before.radix,
        after.radix,
        (key, old, now) -> {
          var pair = new ArrayList<>();
          pair.add(old);
          pair.add(now);
          found.put(key, pair);
        });
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void allThatHasBeenReservedIsReserved() {
    var random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      var radix = new Radix();
      long kept = random.nextInt(200);
      radix.reserve(kept, 1);
      radix.set(kept, "kept");
      long moved = 200 + random.nextInt(200);
      radix.reserve(moved, 1);
      radix.set(moved, "moved");
      var before = radix.copy();
      long added = 400 + random.nextInt(2000);
      // As a renaming does.
      radix.reserve(moved, 2);
      radix.reserve(added, 2);
      radix.set(added, "added");
      radix.clear(moved);
      assertThat(radix.get(kept)).isEqualTo("kept");
      assertThat(radix.get(moved)).isNull();
      assertThat(radix.get(added)).isEqualTo("added");
      assertThat(radix.nextKey(kept + 1)).isEqualTo(added);
      assertThat(before.get(moved)).isEqualTo("moved");
      assertThat(before.get(added)).isNull();
    }
  }

  @Test
  void whatIsSharedIsNotComparedAgain() {
    var before = new Radix();
    for (long key = 0; key < 100_000; key++) {
      before.reserve(key, 1);
      before.set(key, key);
    }
    var after = before.copy();
    after.reserve(77_777, 2);
    after.set(77_777, "changed");
    var keys = new ArrayList<Long>();
    Radix.diff(before, after, (key, old, now) -> keys.add(key));
    assertThat(keys).containsExactly(77_777L);
    assertThat(before.get(77_777)).isEqualTo(77_777L);
  }
}
