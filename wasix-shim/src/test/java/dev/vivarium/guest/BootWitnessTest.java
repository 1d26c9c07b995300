package dev.vivarium.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.wasi.table.TestGuest;
import org.junit.jupiter.api.Test;

/** Others may go on from where an interpreter is only if it has done nothing but look around. */
class BootWitnessTest {
  private static final int OUT = TestGuest.OUT;
  private final BootWitness witness = new BootWitness(0);
  private final TestGuest guest = new TestGuest(witness, false);

  private boolean harmless() {
    return witness.surroundings(guest.process).isPresent();
  }

  @Test
  void lookingAroundIsHarmless() throws Exception {
    guest.vfs.write("/file", new byte[4]);
    guest.call("environ_sizes_get", OUT, OUT + 8);
    guest.call("clock_time_get", 0, 0L, OUT);
    guest.call("path_filestat_get", 3, 0, "absent", OUT);
    int fd = guest.open("file", 0);
    guest.call("fd_filestat_get", fd, OUT);
    assertThat(harmless()).as("with an open file").isFalse();
    guest.call("fd_close", fd);

    assertThat(harmless()).isTrue();
  }

  @Test
  void whatAnotherRunWouldMissIsNot() throws Exception {
    guest.call("fd_write", 1, 0, 0, OUT);

    assertThat(harmless()).isFalse();
  }

  @Test
  void readingInputIsNot() throws Exception {
    guest.call("fd_read", 0, 0, 0, OUT);

    assertThat(harmless()).isFalse();
  }

  @Test
  void makingAFileIsNot() throws Exception {
    guest.call("fd_close", guest.open("new", TestGuest.CREAT));

    assertThat(harmless()).isFalse();
  }

  @Test
  void closingAStreamIsNot() throws Exception {
    guest.call("fd_close", 1);

    assertThat(harmless()).isFalse();
  }

  @Test
  void aPathThatIsNoTextIsNot() throws Exception {
    guest.call("path_filestat_get", 3, 0, "", OUT);
    assertThat(harmless()).isTrue();

    guest.memory.writeByte(TestGuest.DATA, (byte) 0xFF);
    guest.call("path_filestat_get", 3, 0, TestGuest.DATA, 1, OUT);

    assertThat(harmless()).isFalse();
  }
}
