package dev.vivarium.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {

  @ParameterizedTest
  @CsvSource({
    "app, '', app, latest",
    "app:1.0, '', app, 1.0",
    "some/app, '', some/app, latest",
    "localhost/app, localhost, app, latest",
    "localhost:5000/app:x, localhost:5000, app, x",
    "host.example/some/app:X_y-z, host.example, some/app, X_y-z",
    "'[::1]:5000/app', '[::1]:5000', app, latest",
  })
  void aNameHasTheRegistryAndTheTagThatDockerSees(
      String text, String registry, String repository, String tag) {
    var reference = Reference.parse(text);
    assertThat(reference.registry()).isEqualTo(registry);
    assertThat(reference.repository()).isEqualTo(repository);
    assertThat(reference.tag()).isEqualTo(tag);
    assertThat(Reference.parse(reference.toString())).isEqualTo(reference);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "a:",
        ":a",
        "A",
        "a b",
        "a//b",
        "a.b__c/e",
        "/a",
        "a/",
        "../a",
        "a..b",
        "-a",
        "a:b:c",
        "a:-b",
        "a@",
        "a@sha256:12",
        "a@md5:0",
        "host.example/",
        "ho st.example/a",
        "host.example:x/a",
        "a\nb",
        "http://host.example/a"
      })
  void whatIsNoNameIsRefused(String text) {
    assertThatThrownBy(() -> Reference.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  /** The grammar of Docker's names, as the distribution project writes it down. */
  @Test
  void namesAreThoseThatTheGrammarHas() {
    var word = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    var grammar = Pattern.compile(word + "(?:/" + word + ")*:[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    var random = new Random(1);
    int names = 0;
    for (int i = 0; i < 100_000; i++) {
      var text = new StringBuilder();
      for (int length = 1 + random.nextInt(5); length > 0; length--) {
        text.append("az09__--./A ".charAt(random.nextInt(12)));
      }
      text.append(':');
      for (int length = 1 + random.nextInt(3); length > 0; length--) {
        text.append("azAZ09_.-/ ".charAt(random.nextInt(11)));
      }
      // What has a dot before its first slash begins with a registry.
      int slash = text.indexOf("/");
      if (slash < 0 || text.lastIndexOf(".", slash) < 0) {
        boolean isName = grammar.matcher(text).matches();
        names += isName ? 1 : 0;
        assertThat(isParsed(text.toString())).as(text.toString()).isEqualTo(isName);
      }
    }
    assertThat(names).isPositive();
    assertThat(isParsed("a:" + "b".repeat(128))).isTrue();
    assertThat(isParsed("a:" + "b".repeat(129))).isFalse();
  }

  private static boolean isParsed(String text) {
    try {
      return !Reference.parse(text).isRemote();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  void aDigestIsPartOfAName() {
    var digest = Digest.of(new byte[0]);
    var reference = Reference.parse("host.example/app@" + digest);
    assertThat(reference.digest()).contains(digest);
    assertThat(reference.toString()).isEqualTo("host.example/app@" + digest);
  }
}
