package dev.vivarium.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTest {

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "1970-01-01T00:00:00Z",
        "2024-02-29T23:59:59Z",
        "0001-01-01T00:00:00.5Z",
        "9999-12-31T01:02:03.123456789Z",
        "2024-02-29T23:59:59.000000001Z",
        "2024-02-29T23:59:59+02:00",
        "2024-02-29T23:59:59.25-00:30",
        "2024-02-29t23:59:59z",
      })
  void timesAreReadInAllTheirForms(String text) {
    assertThat(Timestamp.parse(text)).isEqualTo(OffsetDateTime.parse(text).toInstant());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "",
        "Z",
        "2024-02-29",
        "2023-02-29T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:60Z",
        "2024-01-01T00:00:00.1234567890Z",
        "2024-01-01T00:00:00",
        "2024-01-01 00:00:00Z",
        "2024-01-01T00:00:00,5Z",
        "2024-01-01T00:00:00xZ",
      })
  void whatIsNoTimeIsRefused(String text) {
    assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> Timestamp.parse(text));
  }
}
