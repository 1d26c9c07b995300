package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.guest.BootImage;
import dev.vivarium.guest.BootImages;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.vfs.open.Waker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class RepeatableWorldTest {
  private static final Instant TIME = Instant.parse("2001-02-03T04:05:06Z");
  private static final long NANOS = TIME.getEpochSecond() * 1_000_000_000;

  /** Keeps only the keys. */
  private static final class Keys implements BootImages {
    private final Set<String> kept = new HashSet<>();

    @Override
    public Optional<BootImage> find(String key, Predicate<BootImage> fits) {
      return kept.contains(key)
          ? Optional.of(new BootImage(null, null, new long[0]))
          : Optional.empty();
    }

    @Override
    public void keep(String key, BootImage image) {
      kept.add(key);
    }
  }

  private static Digest seed(String text) {
    return Digest.of(text.getBytes(UTF_8));
  }

  /** What a program meets. */
  private static List<Long> met(RepeatableWorld world) throws InterruptedException {
    var met = new ArrayList<Long>();
    for (int i = 0; i < 3; i++) {
      met.add(world.entropy().nextLong());
      met.add(world.realtimeNanos());
      met.add(world.monotonicNanos());
      met.add(world.cpuNanos());
      world.await(new Waker(), 5_000_000_000L);
    }
    return met;
  }

  /** What a program meets whose interpreter draws and looks at the clock until it has started. */
  private static List<Long> metAfterStart(RepeatableWorld world) throws InterruptedException {
    if (world.find("key", image -> true).isEmpty()) {
      met(world);
      world.keep("key", null);
    }
    return met(world);
  }

  @Test
  void isTheSameForTheSameSeedOnly() throws InterruptedException {
    var first = met(new RepeatableWorld(TIME, seed("a"), BootImages.NONE));
    assertThat(met(new RepeatableWorld(TIME, seed("a"), BootImages.NONE))).isEqualTo(first);
    assertThat(met(new RepeatableWorld(TIME, seed("b"), BootImages.NONE)).get(0))
        .isNotEqualTo(first.get(0));
  }

  @Test
  void isTheSameWhetherAnInterpreterHadStartedBefore() throws InterruptedException {
    var images = new Keys();
    var started = metAfterStart(new RepeatableWorld(TIME, seed("a"), images));
    assertThat(metAfterStart(new RepeatableWorld(TIME, seed("a"), images))).isEqualTo(started);
    assertThat(metAfterStart(new RepeatableWorld(TIME, seed("b"), images)).get(0))
        .isNotEqualTo(started.get(0));
  }

  /** The state that is kept has what was drawn while it came about. */
  @Test
  void anInterpreterStartsTheSameForWhicheverProgram() {
    var first = new RepeatableWorld(TIME, seed("a"), BootImages.NONE);
    var second = new RepeatableWorld(TIME, seed("b"), BootImages.NONE);
    first.find("key", image -> true);
    second.find("key", image -> true);
    assertThat(second.entropy().nextLong()).isEqualTo(first.entropy().nextLong());
  }

  /** One that has started in another world has drawn other numbers, at another time. */
  @Test
  void interpretersOfOtherWorldsAreNotTaken() {
    var images = new Keys();
    images.keep("key", null);
    var world = new RepeatableWorld(TIME, seed("a"), images);
    assertThat(world.find("key", image -> true)).isEmpty();
    world.keep("key", null);
    assertThat(world.find("key", image -> true)).isPresent();
    assertThat(
            new RepeatableWorld(TIME.plusSeconds(1), seed("a"), images).find("key", image -> true))
        .isEmpty();
  }

  @Test
  void timePassesByLookingAndBySleepingButNotForFiles() throws InterruptedException {
    var world = new RepeatableWorld(TIME, seed("a"), BootImages.NONE);
    assertThat(world.realtimeNanos()).isEqualTo(NANOS);
    assertThat(world.realtimeNanos()).isGreaterThan(NANOS);
    assertThat(world.await(new Waker(), 3_600_000_000_000L)).isFalse();
    assertThat(world.realtimeNanos()).isGreaterThan(NANOS + 3_600_000_000_000L);
    assertThat(world.instant()).isEqualTo(TIME);
  }

  @Test
  void noClockGoesBackWhenTheInterpreterHasStarted() {
    var world = new RepeatableWorld(TIME, seed("a"), BootImages.NONE);
    world.find("key", image -> true);
    long before = 0;
    for (int i = 0; i < 1000; i++) {
      before = world.monotonicNanos();
    }
    world.keep("key", null);
    assertThat(world.monotonicNanos()).isGreaterThan(before);
    assertThat(world.realtimeNanos()).isEqualTo(NANOS + 1000);
  }
}
