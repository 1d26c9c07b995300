package dev.vivarium.image.build;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "abc,abc,true",
    "abc,abcd,false",
    "*,abc,true",
    "*,'',true",
    "*,a/b,false",
    "*c,abc,true",
    "a*/b,abc/b,true",
    "a*/b,a/c/b,false",
    "a*b?c*x,abxbbxdbxebxczzx,true",
    "a*b?c*x,abxbbxdbxebxczzy,false",
    "a?b,a/b,false",
    "a[^b]c,a/c,false",
    "ab[c],abc,true",
    "ab[b-d],abc,true",
    "ab[e-g],abc,false",
    "ab[^c],abc,false",
    "ab[^e-g],abc,true",
    "a\\*b,a*b,true",
    "a\\*b,axb,false",
    "[a\\]x],],true",
    "[\\-],-,true",
    "[x\\-],z,false",
    "**,abc,true",
    "**,a/b,false",
  })
  void matchesAsGoDoes(String pattern, String path, boolean matches) {
    assertThat(PathPattern.of(pattern).orElseThrow().matches(path)).isEqualTo(matches);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "**,a/b/c,true",
    "**/foo,foo,true",
    "**/foo,a/foo,true",
    "**/foo,a/b/foo,true",
    "**/foo,afoo,false",
    "a/**/b,a/b,true",
    "a/**/b,a/x/y/b,true",
    "a/**/b,a/xb,false",
    "a/**,a/b/c,true",
    "a/**,ab,false",
    "**/*.pyc,a/b.pyc,true",
    "**/*.pyc,b.pyc,true",
    "**/*.pyc,b.py,false",
  })
  void twoStarsAreAnyNumberOfDirectories(String pattern, String path, boolean matches) {
    assertThat(PathPattern.withDirectories(pattern).orElseThrow().matches(path)).isEqualTo(matches);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"[", "[]", "[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "a[", "[^", "a\\"})
  void malformedPatternsAreNone(String pattern) {
    assertThat(PathPattern.of(pattern)).isEmpty();
  }

  @Test
  void noPatternTakesTimeBeyondTheProductOfTheLengths() {
    var pattern = PathPattern.withDirectories("**/*a*".repeat(200) + "b").orElseThrow();
    assertThat(pattern.matches("a/".repeat(2_000))).isFalse();
  }
}
