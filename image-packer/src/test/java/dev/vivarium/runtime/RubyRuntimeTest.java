package dev.vivarium.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.guest.BootImages;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RubyRuntimeTest {
  private final LanguageRuntime ruby = LanguageRuntime.named("ruby").orElseThrow();

  @Test
  void packagesAreOnTheLoadPathBehindTheUsersOwn() {
    assertThat(ruby.launch(List.of(), "/", Map.of(), BootImages.NONE).environment())
        .isEqualTo(Map.of("RUBYLIB", "/opt/ruby"));
    assertThat(
            ruby.launch(List.of(), "/", Map.of("RUBYLIB", "/mine"), BootImages.NONE).environment())
        .isEqualTo(Map.of("RUBYLIB", "/mine:/opt/ruby"));
  }

  @Test
  void theScriptIsFoundBehindTheSwitches() {
    assertThat(ruby.script(List.of("-w", "s.rb", "a"))).contains("s.rb");
    assertThat(ruby.script(List.of("-e", "1", "a"))).isEmpty();
    assertThat(ruby.script(List.of())).isEmpty();
  }

  @Test
  void aSwitchThatCannotBeObeyedIsRefusedBeforeAnythingIsFetched() {
    assertThatThrownBy(() -> ruby.launch(List.of("-x"), "/", Map.of(), BootImages.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-x");
  }

  @Test
  void everyRuntimeIsFoundByItsName() {
    assertThat(LanguageRuntime.all())
        .extracting(LanguageRuntime::name)
        .containsExactly("python", "python:3.11", "ruby", "ruby:3.3");
    assertThat(LanguageRuntime.named("perl")).isEmpty();
  }
}
