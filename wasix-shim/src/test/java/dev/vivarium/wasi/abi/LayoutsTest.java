package dev.vivarium.wasi.abi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The sizes and offsets of the C headers. */
class LayoutsTest {

  @Test
  void preview1() {
    assertThat(describe(Layouts.FDSTAT))
        .isEqualTo("filetype:0 flags:2 rights_base:8 rights_inheriting:16 = 24");
    assertThat(describe(Layouts.FILESTAT))
        .isEqualTo("dev:0 ino:8 filetype:16 nlink:24 size:32 atim:40 mtim:48 ctim:56 = 64");
    assertThat(describe(Layouts.PRESTAT)).isEqualTo("tag:0 name_len:4 = 8");
    assertThat(describe(Layouts.DIRENT)).isEqualTo("next:0 ino:8 namlen:16 type:20 = 24");
    assertThat(describe(Layouts.SUBSCRIPTION))
        .isEqualTo("userdata:0 type:8 id:16 timeout:24 precision:32 flags:40 = 48");
    assertThat(describe(Layouts.EVENT))
        .isEqualTo("userdata:0 error:8 type:10 nbytes:16 flags:24 = 32");
  }

  @Test
  void snapshot0() {
    assertThat(describe(Layouts.FILESTAT0))
        .isEqualTo("dev:0 ino:8 filetype:16 nlink:20 size:24 atim:32 mtim:40 ctim:48 = 56");
    assertThat(describe(Layouts.SUBSCRIPTION0))
        .isEqualTo("userdata:0 type:8 identifier:16 id:24 timeout:32 precision:40 flags:48 = 56");
  }

  @Test
  void wasix() {
    assertThat(describe(Layouts.TTY))
        .isEqualTo(
            "cols:0 rows:4 width:8 height:12 stdin_tty:16 stdout_tty:17 stderr_tty:18"
                + " echo:19 line_buffered:20 line_feeds:21 = 24");
    assertThat(describe(Layouts.OPTION_TIMESTAMP)).isEqualTo("tag:0 value:8 = 16");
  }

  private static String describe(Layout layout) {
    return layout.fields().stream()
            .map(field -> field.name() + ":" + field.offset())
            .collect(Collectors.joining(" "))
        + " = "
        + layout.size();
  }
}
