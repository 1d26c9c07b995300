package dev.vivarium.wasi.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CompatibilityTest {
  private static final Path PAGE = Path.of("..", "docs", "COMPATIBILITY.md");

  @Test
  void thePageIsUpToDate() throws IOException {
    if (Boolean.getBoolean("vivarium.regenerate")) {
      Files.writeString(PAGE, Compatibility.markdown());
    }
    assertThat(PAGE)
        .as("the page says at its top how to make it anew")
        .hasContent(Compatibility.markdown());
  }

  @Test
  void everyRowThatIsNotFullSaysWhy() {
    for (var table : HostModules.all()) {
      for (var row : table.rows()) {
        if (row.support() != Support.FULL) {
          assertThat(row.note()).as(row.name()).isNotEmpty();
        }
      }
    }
  }
}
