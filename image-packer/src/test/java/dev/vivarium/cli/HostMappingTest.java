package dev.vivarium.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class HostMappingTest {
  private final HostMapping.OfMap converter = new HostMapping.OfMap();

  @ParameterizedTest
  @CsvSource({
    ".:/work,        .,      /work,   false",
    ".:/work:rw,     .,      /work,   false",
    "/a/b:/work:ro,  /a/b,   /work,   true",
    "a:b:/work,      a:b,    /work,   false",
    "a:/b:/c,        a:/b,   /c,      false",
    "a:/b:ro,        a,      /b,      true",
    "a:/b//c/,       a,      /b/c,    false",
    "a:/b..,         a,      /b..,    false",
    "a:/b:Z,         a,      /b,      false",
    "'a:/b:ro,z',      a,      /b,      true",
    "'a:/b:cached,ro', a,      /b,      true",
    "'a:/b:ro,rw',     a,      /b,      false",
  })
  void hostAndGuestAreToldApart(String text, Path host, String guest, boolean readOnly) {
    assertThat(converter.convert(text)).isEqualTo(new HostMapping("--map", host, guest, readOnly));
    assertThat(new HostMapping.OfVolume().convert(text))
        .isEqualTo(new HostMapping("-v", host, guest, readOnly));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a:",
        "a:b",
        ":/work",
        "a:/",
        "a://",
        "a:/b/..",
        "a:/b/../c",
        "a:/./b",
        "a:ro",
        "/b:ro",
        "a:/b:ro,",
        "a:/b:ro,y",
        "a:/b:RO",
        "a:/b:z:ro",
        "a:/b:",
        "a:/b:ro:ro",
        "a\0:/b"
      })
  void whatIsNoMappingIsRefused(String text) {
    assertThatThrownBy(() -> converter.convert(text)).isInstanceOf(TypeConversionException.class);
  }
}
