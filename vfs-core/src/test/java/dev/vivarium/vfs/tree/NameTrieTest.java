package dev.vivarium.vfs.tree;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.FileType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameTrieTest {

  /** The masks leave so many different hashes: down to one, that all names share. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 0xFFFF, 0x3F, 0xC0000001, 1, 0})
  void itIsAMapWhateverTheHashesAndItsCopiesStay(int mask) {
    var random = new Random(mask);
    var trie = new NameTrie();
    var model = new HashMap<String, Entry>();
    long epoch = 1;
    record Copy(NameTrie trie, Map<String, Entry> model) {}
    List<Copy> copies = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      String name = "n" + random.nextInt(200);
      int hash = (name.hashCode() * 0x9E3779B9) & mask;
      var present = model.get(name);
      if (present != null && random.nextBoolean()) {
        trie.reserve(present, epoch);
        trie.remove(present);
        model.remove(name);
      } else {
        var entry = new Entry(name.getBytes(US_ASCII), hash, FileType.REGULAR, i, i);
        trie.put(entry, epoch);
        model.put(name, entry);
      }
      if (i % 500 == 0) {
        copies.add(new Copy(trie.copy(), new HashMap<>(model)));
        epoch++;
      }
    }
    copies.add(new Copy(trie, model));
    for (var copy : copies) {
      for (int n = 0; n < 200; n++) {
        String name = "n" + n;
        byte[] path = ("/" + name + "/").getBytes(US_ASCII);
        int hash = (name.hashCode() * 0x9E3779B9) & mask;
        assertThat(copy.trie.get(path, 1, path.length - 2, hash)).isSameAs(copy.model.get(name));
      }
      Set<Entry> entries = new HashSet<>();
      copy.trie.forEach(entries::add);
      assertThat(entries).isEqualTo(new HashSet<>(copy.model.values()));
    }
  }
}
