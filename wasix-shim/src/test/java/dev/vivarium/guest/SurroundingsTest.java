package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.Vfs;
import dev.vivarium.wasi.table.TestGuest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An image of an interpreter serves a run only where the interpreter would be told the same. */
class SurroundingsTest {
  private static final Map<String, Boolean> LOOKED =
      Map.of(
          "absent", false, "dir", false, "listed", true, "file", false, "read", true, "up", false);

  @FunctionalInterface
  private interface Change {
    void in(Vfs vfs) throws Exception;
  }

  private static TestGuest world() throws Exception {
    var guest = new TestGuest();
    guest.vfs.write("/dir/inner", bytes("x"));
    guest.vfs.write("/listed/one", bytes("1"));
    guest.vfs.write("/file", bytes("file"));
    guest.vfs.write("/read", bytes("read"));
    guest.vfs.symlink(guest.vfs.superuser(), bytes("dir"), guest.vfs.root(), bytes("up"));
    return guest;
  }

  private static boolean holdAfter(Change change) throws Exception {
    var seen = Surroundings.of(LOOKED, world().process).orElseThrow();
    var other = world();
    change.in(other.vfs);
    return seen.hold(other.process);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void theyHoldInAWorldThatAnswersTheSame() throws Exception {
    assertThat(holdAfter(vfs -> {})).isTrue();
    assertThat(holdAfter(vfs -> vfs.write("/other", bytes("x")))).isTrue();
    assertThat(holdAfter(vfs -> vfs.write("/dir/more", bytes("x")))).isTrue();
  }

  @Test
  void theyDoNotHoldWhereAnAnswerDiffers() throws Exception {
    assertThat(holdAfter(vfs -> vfs.write("/absent", bytes("")))).isFalse();
    assertThat(holdAfter(vfs -> vfs.write("/listed/two", bytes("")))).isFalse();
    assertThat(holdAfter(vfs -> vfs.write("/file", bytes("longer")))).isFalse();
    assertThat(holdAfter(vfs -> vfs.write("/read", bytes("daer")))).isFalse();
    assertThat(holdAfter(vfs -> vfs.unlink(vfs.superuser(), vfs.root(), bytes("file")))).isFalse();
    assertThat(
            holdAfter(vfs -> vfs.changeMode(vfs.superuser(), vfs.root(), bytes("dir"), 0700, true)))
        .isFalse();
    assertThat(
            holdAfter(
                vfs -> {
                  vfs.unlink(vfs.superuser(), vfs.root(), bytes("up"));
                  vfs.symlink(vfs.superuser(), bytes("listed"), vfs.root(), bytes("up"));
                }))
        .isFalse();
  }

  @Test
  void whatWasReadIsComparedByItsContentsAtTheSameTimeAndLength() throws Exception {
    var seen = Surroundings.of(LOOKED, world().process).orElseThrow();
    var other = world();
    other.vfs.write("/read", bytes("daer"));
    assertThat(seen.hold(other.process)).isFalse();
    other.vfs.write("/read", bytes("read"));
    assertThat(seen.hold(other.process)).isTrue();
  }

  @Test
  void anotherKindOfStreamIsAnotherAnswer() throws Exception {
    var seen = Surroundings.of(LOOKED, world().process).orElseThrow();
    var other = world();
    other.process.descriptors().close(1);

    assertThat(seen.hold(other.process)).isFalse();
  }

  @Test
  void theySurviveAFile() throws Exception {
    var seen = Surroundings.of(LOOKED, world().process).orElseThrow();
    var out = new ByteArrayOutputStream();
    seen.write(new DataOutputStream(out));
    var bytes = out.toByteArray();

    assertThat(Surroundings.read(ByteBuffer.wrap(bytes)).hold(world().process)).isTrue();
    for (int length = 0; length < bytes.length; length++) {
      var cut = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> Surroundings.read(cut)).isInstanceOf(Exception.class);
    }
  }

  @Test
  void anInterpreterThatReadsWithoutEndIsNotKept() throws Exception {
    var guest = world();
    guest.vfs.write("/read", new byte[5 << 20]);

    assertThat(Surroundings.of(LOOKED, guest.process)).isEmpty();
  }
}
