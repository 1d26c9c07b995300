package dev.vivarium.sys.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.posix.FileType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class TerminalTest {
  @Test
  void itReadsFromItsInputAndWritesToItsOutput() throws Exception {
    var written = new ByteArrayOutputStream();
    var input = new StreamInput(new ByteArrayInputStream(new byte[] {'x'}), true);
    var terminal = new Terminal(input, new StreamOutput(written, true));
    assertThat(terminal.type()).isEqualTo(FileType.CHARACTER_DEVICE);
    assertThat(terminal.readiness().events() & Readiness.WRITABLE).isNotZero();
    var buffer = new byte[2];
    assertThat(terminal.read(buffer, 0, 2, false)).isEqualTo(1);
    assertThat(buffer[0]).isEqualTo((byte) 'x');
    assertThat(terminal.write(new byte[] {'y'}, 0, 1, false)).isEqualTo(1);
    assertThat(written).hasToString("y");
    input.close();
  }
}
