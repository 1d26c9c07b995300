package dev.vivarium;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapturedOutputTest {

  @Test
  void whatFitsIsKeptAsItIs() throws Exception {
    var output = new CapturedOutput(6);
    output.write("grüß".getBytes(UTF_8));
    assertThat(output.text()).isEqualTo("grüß");
    assertThat(output.bytes()).isEqualTo("grüß".getBytes(UTF_8));
    assertThat(output.isCut()).isFalse();
  }

  @Test
  void whatDoesNotFitIsDroppedAndThatIsSaid() throws Exception {
    var output = new CapturedOutput(3);
    output.write("ab".getBytes(UTF_8));
    output.write("cd".getBytes(UTF_8));
    output.write('e');
    assertThat(output.text()).isEqualTo("abc");
    assertThat(output.isCut()).isTrue();
  }
}
