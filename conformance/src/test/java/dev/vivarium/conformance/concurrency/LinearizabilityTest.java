package dev.vivarium.conformance.concurrency;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.util.LoggingLevel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever threads do at once, each call seems to happen at one moment: Lincheck runs short
 * programs in the orders that it finds worth trying, and looks for a sequence that explains what
 * the calls have answered.
 */
class LinearizabilityTest {

  @ParameterizedTest
  @ValueSource(classes = {DirectoryCalls.class, DescriptorCalls.class, ContentCalls.class})
  void callsAtOnceAnswerAsCallsInTurn(Class<?> calls) {
    new ModelCheckingOptions()
        .threads(2)
        .actorsBefore(2)
        .actorsPerThread(3)
        .actorsAfter(1)
        .iterations(15)
        .invocationsPerIteration(150)
        // It warns of the fields of records, whose places it cannot tell, and which never change.
        .logLevel(LoggingLevel.ERROR)
        .check(calls);
  }
}
