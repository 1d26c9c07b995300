package dev.vivarium.conformance.concurrency;

import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.util.LoggingLevel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever threads do at once, each call seems to happen at one moment: Lincheck runs short
 * programs in threads many times, and looks for a sequence that explains what the calls have
 * answered.
 *
 * <p>Its model checker, which tries the orders one by one, fails in itself here (3.7: {@code
 * SnapshotTracker.restoreValues} meets the constants of records, whose places it cannot tell).
 */
class LinearizabilityTest {

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
}
