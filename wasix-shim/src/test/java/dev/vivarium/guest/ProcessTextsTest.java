package dev.vivarium.guest;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessTextsTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "=", "A=B", "=A", "A\0", "\0"})
  void aNameIsNotEmptyAndHasNeitherEqualsSignNorNul(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessTexts.requireVariable(name, ""))
        .withMessageContaining(name.replace("\0", "\\0"));
  }

  @Test
  void aValueHasNoNul() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessTexts.requireVariable("TITLE", "x\0PYTHONPATH=/tmp"))
        .withMessageContaining("TITLE");
    ProcessTexts.requireVariable("TITLE", "");
    ProcessTexts.requireVariable("a b\n", "x=y\n");
  }

  @Test
  void anArgumentHasNoNul() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessTexts.requireArguments(List.of("python", "a\0b")))
        .withMessageContaining("argument 1 ('a\\0b')");
    ProcessTexts.requireArguments(List.of());
    ProcessTexts.requireArguments(List.of("", "a=b\n"));
  }

  @Test
  void nullIsNone() {
    assertThatNullPointerException().isThrownBy(() -> ProcessTexts.requireVariable(null, ""));
    assertThatNullPointerException().isThrownBy(() -> ProcessTexts.requireVariable("A", null));
    var arguments = Arrays.asList("a", null);
    assertThatNullPointerException().isThrownBy(() -> ProcessTexts.requireArguments(arguments));
  }
}
