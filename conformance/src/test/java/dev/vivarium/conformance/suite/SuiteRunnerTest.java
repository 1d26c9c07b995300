package dev.vivarium.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How modules are spread over lanes. */
@Timeout(60)
class SuiteRunnerTest {
  private final AtomicInteger open = new AtomicInteger();

  private Lane lane(String broken) {
    open.incrementAndGet();
    return new Lane() {
      @Override
      public ModuleResult run(String module) throws IOException {
        if (module.equals(broken)) {
          throw new IOException("no room for " + module);
        }
        return new ModuleResult(module, End.PASSED, 0, new TreeMap<>(), "");
      }

      @Override
      public void close() {
        open.decrementAndGet();
      }
    };
  }

  @Test
  void eachModuleIsRunOnceAndTheResultsAreSorted() throws Exception {
    var heard = new ArrayList<String>();

    var results =
        new SuiteRunner(3, () -> lane("none"))
            .run(List.of("c", "a", "d", "b"), result -> heard.add(result.module()));

    assertThat(results).extracting(ModuleResult::module).containsExactly("a", "b", "c", "d");
    assertThat(heard).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(open).hasValue(0);
  }

  @Test
  void whatThisMachineCannotDoEndsTheSuite() {
    assertThatThrownBy(() -> new SuiteRunner(1, () -> lane("b")).run(List.of("a", "b"), r -> {}))
        .isInstanceOf(IOException.class)
        .hasMessage("no room for b");
    assertThat(open).hasValue(0);
  }
}
