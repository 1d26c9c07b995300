package dev.vivarium.conformance.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever guests do in a JVM with 256 MB of heap and stacks of 512 KB, they get the errors that
 * are listed, or end; {@code -Dvivarium.hostile.lives} says how many of them there are.
 */
class HostileTest {
  private static final int LIVES =
      Integer.parseInt(System.getProperty("vivarium.hostile.lives", "40"));

  @ParameterizedTest(name = "{0} at once")
  @CsvSource({"1, 1", "8, 1000"})
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void noGuestHurtsTheHost(int atOnce, long seed) throws Exception {
    var tally = new Tally();
    Hostile.run(seed, atOnce, LIVES, tally);

    assertThat(tally.defects()).isEmpty();
    var tried = tally.outcomes();
    assertThat(
            Import.all(Import.Choice.WASIX).stream().map(Import::name).collect(Collectors.toSet()))
        .allSatisfy(name -> assertThat(Tally.inputs(tried.get(name))).as(name).isGreaterThan(10));
    assertThat(Attacks.ALL.keySet())
        .allSatisfy(
            name ->
                assertThat(Tally.inputs(tried.get("attack." + name)))
                    .as(name)
                    .isEqualTo(atOnce * (Attacks.NEED_WASIX.contains(name) ? 1L : 2L)));
  }
}
