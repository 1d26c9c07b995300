package dev.vivarium.conformance.wat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class WatTest {
  @Test
  void aModuleBecomesItsBinary() {
    assertThat(Wat.assemble("(module (memory (export \"memory\") 1))"))
        .startsWith(0, 'a', 's', 'm', 1, 0, 0, 0)
        .hasSizeGreaterThan(8);
  }

  @Test
  void textThatIsNoModuleIsRefusedWithItsPlace() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Wat.assemble("(module\n  (func (unknown)))"))
        .withMessageContaining("text.wat:2:");
  }

  @Test
  void aModuleThatDoesNotValidateIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Wat.assemble("(module (func (result i32) nop))"));
  }

  @Test
  void anUnknownGuestIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Wat.guest("nobody"))
        .withMessageContaining("nobody.wat");
  }
}
