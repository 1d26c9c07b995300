package dev.vivarium.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RubyLiteralTest {

  @Test
  void noTextBreaksOutOfItsQuotesOrIsInterpolated() {
    assertThat(RubyLiteral.string("a\"b\\c#{exit}#$0#@a"))
        .isEqualTo("\"a\\\"b\\\\c\\#{exit}\\#$0\\#@a\"");
  }

  @Test
  void theLiteralIsPrintableAsciiWhateverTheText() {
    assertThat(RubyLiteral.string("\0\n\t\u007fé\u2028😀"))
        .isEqualTo("\"\\u{0}\\u{a}\\u{9}\\u{7f}\\u{e9}\\u{2028}\\u{1f600}\"");
  }

  @Test
  void halfASurrogatePairBecomesTheReplacementCharacter() {
    assertThat(RubyLiteral.string("\ud800x")).isEqualTo("\"\\u{fffd}x\"");
  }

  @Test
  void anArrayHoldsItsTextsInOrder() {
    assertThat(RubyLiteral.array(List.of())).isEqualTo("[]");
    assertThat(RubyLiteral.array(List.of("a", "b"))).isEqualTo("[\"a\", \"b\"]");
  }
}
