package dev.vivarium.vfs.tree;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.posix.FileType;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameHashTest {

  @Test
  void aNameHasOneHashWhereverItIsInAPath() {
    var random = new Random(1);
    for (int length = 1; length <= 40; length++) {
      var name = new byte[length];
      random.nextBytes(name);
      int hash = NameHash.of(name, 0, length);
      var entry = new Entry(name, hash, FileType.REGULAR, 1, 3);
      for (int before = 0; before < 10; before++) {
        for (int after = 0; after < 10; after++) {
          var path = new byte[before + length + after];
          random.nextBytes(path);
          System.arraycopy(name, 0, path, before, length);
          assertThat(NameHash.of(path, before, length)).isEqualTo(hash);
          assertThat(entry.isNamed(path, before, length)).isTrue();
          path[before + random.nextInt(length)] ^= 1;
          assertThat(entry.isNamed(path, before, length)).isFalse();
          assertThat(entry.isNamed(path, before, length - 1)).isFalse();
        }
      }
    }
  }

  /** Of names that are alike, as the names in a directory are, none have a hash in common. */
  @Test
  void namesThatAreAlikeHaveDifferentHashes() {
    var hashes = new HashSet<Integer>();
    int names = 0;
    for (int length = 1; length <= 255; length++) {
      hashes.add(hash("\1".repeat(length)));
      hashes.add(hash("\1".repeat(length - 1) + "\2"));
      names += 2;
    }
    for (int i = 0; i < 1000; i++) {
      hashes.add(hash("file-%04d".formatted(i)));
      hashes.add(hash("%04d-a-longer-name.txt".formatted(i)));
      names += 2;
    }
    // One pair by chance is likelier than one in a thousand, five are not.
    assertThat(hashes).hasSizeGreaterThan(names - 5);
  }

  private static int hash(String name) {
    return NameHash.of(name.getBytes(ISO_8859_1), 0, name.length());
  }
}
