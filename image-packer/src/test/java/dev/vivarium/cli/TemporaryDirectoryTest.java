package dev.vivarium.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.vfs.posix.MountOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TemporaryDirectoryTest {
  private final TemporaryDirectory.Converter converter = new TemporaryDirectory.Converter();

  @Test
  void optionsAreDockers() {
    assertThat(converter.convert("/run//x/"))
        .isEqualTo(new TemporaryDirectory("/run/x", MountOptions.DEFAULT, 01777));
    assertThat(converter.convert("/run:size=64k,mode=700"))
        .isEqualTo(new TemporaryDirectory("/run", MountOptions.DEFAULT.withBytes(65536), 0700));
    assertThat(converter.convert("/run:ro,nosuid,noexec,nodev"))
        .isEqualTo(
            new TemporaryDirectory(
                "/run", MountOptions.READ_ONLY.withNoSuid(true).withNoExec(true), 01777));
    assertThat(converter.convert("/run:ro,noexec,rw,exec,size=0"))
        .isEqualTo(new TemporaryDirectory("/run", MountOptions.DEFAULT, 01777));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "run",
        "/",
        "//",
        "/a/..",
        "/./a",
        "/run:",
        "/run:rw,",
        "/run:size",
        "/run:size=",
        "/run:size=1q",
        "/run:size=50%",
        "/run:mode=",
        "/run:mode=8",
        "/run:mode=10000",
        "/run:mode=-1",
        "/run:ro=1",
        "/run:uid=0",
        "/run: ro",
        "/run:ro:rw"
      })
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> converter.convert(text)).isInstanceOf(TypeConversionException.class);
  }
}
