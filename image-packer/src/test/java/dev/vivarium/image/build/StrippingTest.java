package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.vfs.Vfs;
import org.junit.jupiter.api.Test;

class StrippingTest {
  private static final String HEAD = "\0asm\1\0\0\0";

  private static String stripped(String module) {
    return new String(Stripping.module(module.getBytes(ISO_8859_1)), ISO_8859_1);
  }

  @Test
  void customSectionsAreLeftOutAndOthersStay() {
    var long1 = "\0\u0082\u0080\0ab";
    assertThat(stripped(HEAD + "\0\3abc\1\2xy" + long1 + "\12\0\0\0"))
        .isEqualTo(HEAD + "\1\2xy\12\0");
  }

  @Test
  void whatIsDamagedStaysAsItIs() {
    for (var module :
        new String[] {
          "",
          "\0as",
          HEAD,
          HEAD + "\1",
          HEAD + "\1\5abc",
          HEAD + "\1\u00ff\u00ff\u00ff\u00ff\u00ff\1",
          HEAD + "\0\u0080"
        }) {
      assertThat(stripped(module)).isEqualTo(module);
    }
  }

  @Test
  void compiledPythonThatAStepHasAddedIsLeftOut() throws Exception {
    var vfs = Vfs.builder().build();
    vfs.write("/old/__pycache__/a.pyc", new byte[1]);
    var before = vfs.snapshot();
    vfs.write("/new/a.py", new byte[1]);
    vfs.write("/new/__pycache__/a.pyc", new byte[1]);
    vfs.write("/new/__pycache__/b/c.pyc", new byte[1]);
    Stripping.files(before, vfs);
    assertThat(vfs.tree()).contains("a.py", "old").containsOnlyOnce("__pycache__");
  }
}
