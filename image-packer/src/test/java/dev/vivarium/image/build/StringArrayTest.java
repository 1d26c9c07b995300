package dev.vivarium.image.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StringArrayTest {

  @Test
  void stringsAreReadWithTheirEscapes() {
    assertThat(StringArray.parse(" [ \"a b\" ,\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\" ] ").orElseThrow())
        .containsExactly("a b", "\\/\b\f\n\r\t\u00e9");
    assertThat(StringArray.parse("[]").orElseThrow()).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "",
        "a",
        "[",
        "[\"a\"",
        "[\"a\",]",
        "['a']",
        "[1]",
        "[\"a\" \"b\"]",
        "[\"a\"] b",
        "[\"\\x\"]",
        "[\"\\u12\"]",
        "[\"\\",
        "[\"a",
        "[,]",
        "[\"a\nb\"]",
        "[[\"a\"]]"
      })
  void nothingElseIsOne(String text) {
    assertThat(StringArray.parse(text)).isEmpty();
  }
}
