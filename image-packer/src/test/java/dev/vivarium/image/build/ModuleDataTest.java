package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModuleDataTest {
  private static final String HEAD = "\0asm\1\0\0\0";

  /** Another section, segments at 2, 10 and 1,000, and a section behind them. */
  private static final String MODULE =
      HEAD
          + "\3\1\0"
          + "\13\32\3"
          + "\0\101\2\13\4abcd"
          + "\0\101\12\13\3efg"
          + "\0\101\u00e8\7\13\2hi"
          + "\0\2\1x";

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  @Test
  void memoryIsWhatSegmentsPutThereAndZeroElsewhere() {
    var data = new ModuleData(bytes(MODULE));

    assertThat(text(data.read(0, 14))).isEqualTo("\0\0abcd\0\0\0\0efg\0");
    assertThat(text(data.read(4, 7))).isEqualTo("cd\0\0\0\0e");
    assertThat(text(data.read(999, 4))).isEqualTo("\0hi\0");
  }

  @Test
  void aPartOfMemoryIsReplacedAndAllElseKeepsItsPlace() {
    byte[] changed = new ModuleData(bytes(MODULE)).replace(4, 7, bytes("XY"));

    assertThat(text(changed)).startsWith(HEAD + "\3\1\0\13").endsWith("\0\2\1x");
    var data = new ModuleData(changed);
    assertThat(text(data.read(0, 14))).isEqualTo("\0\0ab\0\0\0\0\0XYfg\0".substring(0, 14));
    assertThat(text(data.read(1000, 2))).isEqualTo("hi");
  }

  @Test
  void addressesInTheUpperHalfOfMemoryAreAddresses() {
    var data = new ModuleData(bytes(HEAD + "\13\13\1\0\101\u0080\u0080\u0080\u0080\170\13\1a"));

    assertThat(text(data.read(0x8000_0000L, 2))).isEqualTo("a\0");
    assertThat(new ModuleData(data.replace(0, 1, bytes("z"))).read(0x8000_0000L, 1))
        .isEqualTo(bytes("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        HEAD,
        HEAD + "\3\1\0",
        HEAD + "\13\2\1",
        // Passive, in another memory, at the value of a global.
        HEAD + "\13\4\1\1\1a",
        HEAD + "\13\7\1\2\0\101\0\13\0",
        HEAD + "\13\6\1\0\43\0\13\0",
        HEAD + "\13\10\1\0\101\0\13\177a"
      })
  void whatCannotBeChangedIsRefused(String module) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ModuleData(bytes(module)));
  }

  @Test
  void aModuleThatIsCutIsRefused() {
    byte[] module = bytes(MODULE.substring(0, MODULE.length() - 4));
    for (int length = 0; length < module.length; length++) {
      byte[] cut = Arrays.copyOf(module, length);
      assertThatIllegalArgumentException().isThrownBy(() -> new ModuleData(cut));
    }
  }
}
