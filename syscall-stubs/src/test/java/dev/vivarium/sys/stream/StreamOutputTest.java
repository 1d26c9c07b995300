package dev.vivarium.sys.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class StreamOutputTest {

  @Test
  void everyWriteReachesTheHost() throws Exception {
    var received = new ByteArrayOutputStream();
    var output = new StreamOutput(new BufferedOutputStream(received), false);
    assertThat(output.write(new byte[] {0, 1, 2, 3}, 1, 2, false)).isEqualTo(2);
    assertThat(received.toByteArray()).containsExactly(1, 2);
  }

  @Test
  void aClosedHostStreamIsABrokenPipe() {
    var output =
        new StreamOutput(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("closed");
              }
            },
            false);
    assertThatThrownBy(() -> output.write(new byte[1], 0, 1, false))
        .isInstanceOfSatisfying(
            ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPIPE));
  }
}
