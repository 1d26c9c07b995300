package dev.vivarium.image.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  @Test
  void aDigestIsPartOfAName() {
    var digest = Digest.of(new byte[0]);
    var reference = Reference.parse("host.example/app@" + digest);
    assertThat(reference.digest()).contains(digest);
    assertThat(reference.toString()).isEqualTo("host.example/app@" + digest);
  }
}
