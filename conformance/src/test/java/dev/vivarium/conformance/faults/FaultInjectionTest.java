package dev.vivarium.conformance.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Each thing that can fail does, once; afterwards all is as it was or as it should be. */
class FaultInjectionTest {
  private static final String SCENARIOS = "dev.vivarium.conformance.faults.scenario.";

  @Test
  void aCallThatGetsNoMemoryChangesNothing() throws Exception {
    var classes =
        new FaultyClasses(FaultyClasses.Kind.ALLOCATION, List.of("dev.vivarium.vfs."), SCENARIOS);
    expectNothing(run(classes, "TreeScenario"), 400);
  }

  @Test
  void aCallThatTheHostFailsLeavesNoFileOpenAndNothingHalfDone() throws Exception {
    var classes =
        new FaultyClasses(
            FaultyClasses.Kind.IO,
            List.of("dev.vivarium.vfs.mount.HostDirectory"),
            "dev.vivarium.vfs.",
            SCENARIOS);
    expectNothing(run(classes, "HostDirectoryScenario"), 50);
  }

  @Test
  void aCallThatAProviderFailsLeavesNoFileOpenAndNothingHalfDone() throws Exception {
    var classes =
        new FaultyClasses(
            FaultyClasses.Kind.IO,
            List.of("dev.vivarium.vfs.mount.Path"),
            "dev.vivarium.vfs.",
            SCENARIOS);
    expectNothing(run(classes, "ProviderTreeScenario"), 50);
  }

  @Test
  void aStoreWhoseDiskFailsHoldsWhatItHeld() throws Exception {
    var classes =
        new FaultyClasses(
            FaultyClasses.Kind.IO,
            List.of("dev.vivarium.image.oci.", "dev.vivarium.vfs.image."),
            "dev.vivarium.image.",
            "dev.vivarium.vfs.",
            SCENARIOS);
    expectNothing(run(classes, "StoreScenario"), 800);
  }

  /** The engine is not loaded anew: what it compiles finds its classes where it has its own. */
  @Test
  void aGuestsCallThatGetsNoMemoryOrWhoseHostFailsChangesNothing() throws Exception {
    var classes =
        new FaultyClasses(
            FaultyClasses.Kind.ALLOCATION,
            List.of("dev.vivarium.vfs.", "dev.vivarium.sys.", "dev.vivarium.wasi."),
            "dev.vivarium.conformance.hostile.",
            SCENARIOS);
    expectNothing(run(classes, "ImportScenario"), 2_000);
  }

  @Test
  void aGuestsCallOnAMappedDirectoryThatFailsLeavesNothingHalfDone() throws Exception {
    var classes =
        new FaultyClasses(
            FaultyClasses.Kind.IO,
            List.of("dev.vivarium.vfs.mount.HostDirectory"),
            "dev.vivarium.vfs.",
            "dev.vivarium.sys.",
            "dev.vivarium.wasi.",
            "dev.vivarium.conformance.hostile.",
            SCENARIOS);
    expectNothing(run(classes, "MappedImportScenario"), 40);
  }

  private static List<String> run(ClassLoader classes, String scenario) throws Exception {
    Object made = classes.loadClass(SCENARIOS + scenario).getDeclaredConstructor().newInstance();
    @SuppressWarnings("unchecked")
    var results = ((Callable<List<String>>) made).call();
    return results;
  }

  /** The last result is how many times something failed. */
  private static void expectNothing(List<String> results, int times) {
    assertThat(results).hasSize(1);
    assertThat(Long.parseLong(results.get(0))).isGreaterThan(times);
  }
}
