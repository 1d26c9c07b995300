package dev.vivarium.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class QuantityTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1048576, 1048576",
    "12b, 12",
    "512k, 524288",
    "512K, 524288",
    "8m, 8388608",
    "8M, 8388608",
    "8mb, 8388608",
    "8MiB, 8388608",
    "1g, 1073741824",
    "1GiB, 1073741824",
    "1.5g, 1610612736",
    ".5k, 512",
    "1.0001k, 1024",
    "2t, 2199023255552",
  })
  void sizesAreReadWithTheirUnits(String text, long bytes) {
    assertThat(new Quantity.Size().convert(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "m", "8q", "8 m", "-1", "+1", "1e3", "8mm", "8ib", "8bb", "1..5", ".", "0x10", "８m",
        "1,5g"
      })
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> new Quantity.Size().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 kB",
    "9800000, 9.8 MB",
    "1500000000, 1.5 GB",
    "2500000000000, 2.5 TB",
  })
  void sizesAreToldAsDockerTellsThem(long bytes, String text) {
    assertThat(Quantity.bytes(bytes)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "8589934592g", "99999999999999999999t"})
  void sizesBeyondALongAreRefused(String text) {
    assertThatThrownBy(() -> new Quantity.Size().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("too large");
  }

  @Test
  void aNumberOfAMillionDigitsIsRefusedAtOnce() {
    assertThatThrownBy(() -> new Quantity.Size().convert("9".repeat(1_000_000)))
        .isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2, PT2S",
    "2s, PT2S",
    "0.5, PT0.5S",
    "500ms, PT0.5S",
    "1.5m, PT1M30S",
    "1h, PT1H",
    "1d, PT24H",
    "10us, PT0.00001S",
    "7ns, PT0.000000007S",
  })
  void timesAreReadWithTheirUnits(String text, Duration duration) {
    assertThat(new Quantity.Time().convert(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "0", "0s", "0.1ns", "2x", "-2s", "1h30m", "2 s", "forever"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> new Quantity.Time().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1k", "-1", "1.5.", "x"})
  void whatIsNoCountIsRefused(String text) {
    assertThatThrownBy(() -> new Quantity.Count().convert(text))
        .isInstanceOf(TypeConversionException.class);
  }
}
