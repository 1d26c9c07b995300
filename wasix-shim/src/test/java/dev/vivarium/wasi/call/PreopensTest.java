package dev.vivarium.wasi.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code fd_prestat_get} knows, also where a guest has more than its root. */
class PreopensTest {
  private final Preopens preopens = new Preopens(List.of("/usr/src", "/opt"));

  @Test
  void theRootIsFirstAndTheOthersFollow() {
    assertThat(preopens.name(3)).asString().isEqualTo("/");
    assertThat(preopens.name(4)).asString().isEqualTo("/usr/src");
    assertThat(preopens.name(5)).asString().isEqualTo("/opt");
    for (int other : new int[] {-1, 2, 6}) {
      assertThat(preopens.name(other)).isNull();
    }
  }

  @Test
  void oneThatIsClosedIsNoneAndTheOthersStay() {
    preopens.closed(4);
    for (int none : new int[] {-1, 4}) {
      assertThat(preopens.name(none)).isNull();
    }
    preopens.closed(-1);
    preopens.moved(-1, 4);
    assertThat(preopens.name(4)).isNull();
    assertThat(preopens.name(3)).asString().isEqualTo("/");
    assertThat(preopens.name(5)).asString().isEqualTo("/opt");
  }

  @Test
  void oneThatIsMovedTakesThePlaceOfAnother() {
    preopens.moved(4, 3);
    assertThat(preopens.name(3)).asString().isEqualTo("/usr/src");
    assertThat(preopens.name(4)).isNull();
    preopens.moved(3, 9);
    assertThat(preopens.name(9)).asString().isEqualTo("/usr/src");
    assertThat(preopens.name(3)).isNull();
  }

  @Test
  void oneThatIsReplacedByAFileIsNone() {
    preopens.moved(7, 5);
    assertThat(preopens.name(5)).isNull();
    preopens.moved(4, 4);
    assertThat(preopens.name(4)).asString().isEqualTo("/usr/src");
  }
}
