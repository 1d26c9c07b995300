package dev.vivarium.image.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class Sha256Test {

  /** All places in a block at which the padding can begin, and many blocks. */
  @Test
  void itIsWhatThePlatformSays() {
    var random = new Random(1);
    for (int length = 0; length < 200; length++) {
      assertSame(random, length);
    }
    assertSame(random, 1 << 20);
  }

  private static void assertSame(Random random, int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    assertThat(Sha256.of(bytes)).as("%d bytes", length).isEqualTo(Digest.algorithm().digest(bytes));
  }
}
