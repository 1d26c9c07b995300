package dev.vivarium.sys.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.posix.FileType;
import org.junit.jupiter.api.Test;

class BytesInputTest {
  private static final int ENDED = Readiness.READABLE | Readiness.HANGUP;

  @Test
  void allIsThereFromTheBeginningToItsEnd() {
    var input = new BytesInput("abcde".getBytes(UTF_8));
    assertThat(input.type()).isEqualTo(FileType.FIFO);
    assertThat(input.readiness().events()).isEqualTo(ENDED);
    assertThat(input.readiness().available()).isEqualTo(5);
    var buffer = new byte[4];
    assertThat(input.read(buffer, 1, 3, false)).isEqualTo(3);
    assertThat(buffer).containsExactly(0, 'a', 'b', 'c');
    assertThat(input.readiness().available()).isEqualTo(2);
    assertThat(input.read(buffer, 0, 4, true)).isEqualTo(2);
    assertThat(input.readiness().events()).isEqualTo(ENDED);
    assertThat(input.read(buffer, 0, 4, true)).isZero();
    assertThat(input.read(buffer, 0, 4, false)).isZero();
  }

  @Test
  void nothingIsAtItsEnd() {
    var input = new BytesInput(new byte[0]);
    assertThat(input.readiness().events()).isEqualTo(ENDED);
    assertThat(input.read(new byte[1], 0, 1, false)).isZero();
  }

  @Test
  void whoHasGivenItMayChangeIt() {
    byte[] given = {1};
    var input = new BytesInput(given);
    given[0] = 2;
    var buffer = new byte[1];
    input.read(buffer, 0, 1, false);
    assertThat(buffer).containsExactly(1);
  }
}
