package dev.vivarium.vfs.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PathBytesTest {
  private final Random random = new Random(1);

  /** Few different bytes, neighbours of a slash and such whose highest bit is set. */
  private byte[] text(int length) {
    byte[] some = {'/', '.', '0', (byte) 0xAF, (byte) 0x80, 0, 1, (byte) 0xFF};
    var text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = some[random.nextInt(random.nextInt(some.length) + 1)];
    }
    return text;
  }

  @Test
  void theFirstAndTheLastPlaceOfAByteAreFound() {
    for (int i = 0; i < 20_000; i++) {
      var text = text(random.nextInt(40));
      int from = random.nextInt(text.length + 1);
      byte wanted = text(1)[0];
      int first = from;
      while (first < text.length && text[first] != wanted) {
        first++;
      }
      int last = text.length;
      while (last > 0 && text[last - 1] != wanted) {
        last--;
      }
      assertThat(PathBytes.indexOf(wanted, text, from)).isEqualTo(first);
      assertThat(PathBytes.endOfLast(wanted, text)).isEqualTo(last);
    }
  }

  @Test
  void aPathBeginsWithWhatItsFirstBytesAre() {
    for (int length = 0; length <= 80; length++) {
      var path = text(length + random.nextInt(10));
      var beginning = Arrays.copyOf(path, length);
      assertThat(PathBytes.startsWith(path, beginning)).isTrue();
      for (int i = 0; i < length; i++) {
        beginning[i] ^= 1;
        assertThat(PathBytes.startsWith(path, beginning)).isFalse();
        beginning[i] ^= 1;
      }
    }
  }
}
