package dev.vivarium.conformance.concurrency;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.util.LoggingLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever threads do at once, each call seems to happen at one moment: Lincheck looks for a
 * sequence that explains what the calls of short programs have answered. Its model checker tries
 * the orders of their steps one by one; running them in threads many times finds what only the
 * machine reorders. {@code -Dvivarium.lincheck.iterations=N} model checks more programs.
 *
 * <p>What it runs must not use an {@code IdentityHashMap}: Lincheck 3.7 keeps the objects that it
 * watches in one, and breaks when that map's own constant for null is among them.
 */
class LinearizabilityTest {
  private static final int ITERATIONS = Integer.getInteger("vivarium.lincheck.iterations", 2);

  @ParameterizedTest
  @ValueSource(classes = {DirectoryCalls.class, DescriptorCalls.class, ContentCalls.class})
  void inWhateverOrderStepsComeCallsAnswerAsCallsInTurn(Class<?> calls) {
    modelChecking().check(calls);
  }

  @ParameterizedTest
  @ValueSource(classes = {DirectoryCalls.class, DescriptorCalls.class, ContentCalls.class})
  void callsAtOnceAnswerAsCallsInTurn(Class<?> calls) {
    new StressOptions()
        .threads(2)
        .actorsBefore(2)
        .actorsPerThread(3)
        .actorsAfter(1)
        .iterations(15)
        .invocationsPerIteration(500)
        .logLevel(LoggingLevel.ERROR)
        .check(calls);
  }

  /** What two threads cannot use at once. */
  public static class Unguarded {
    private int count;

    @Operation
    public int next() {
      return ++count;
    }
  }

  @Test
  void whatIsNotGuardedIsFound() {
    assertThatThrownBy(() -> modelChecking().check(Unguarded.class))
        .isInstanceOf(LincheckAssertionError.class);
  }

  private static ModelCheckingOptions modelChecking() {
    return new ModelCheckingOptions()
        .threads(2)
        .actorsBefore(1)
        .actorsPerThread(2)
        .actorsAfter(1)
        .iterations(ITERATIONS)
        .invocationsPerIteration(50)
        .logLevel(LoggingLevel.ERROR)
        // What is checked when all is done has no threads.
        .addGuarantee(
            ManagedStrategyGuaranteeKt.forClasses("dev.vivarium.vfs.VfsCheck")
                .allMethods()
                .ignore());
  }
}
