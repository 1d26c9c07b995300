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
  private static final Instant LAST = Instant.ofEpochSecond(9_223_372_036L);
  private static final long HOUR = 3_600_000_000_000L;
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
  private static List<Object> met(RepeatableWorld world) throws InterruptedException {
    var met = new ArrayList<Object>();
    for (int i = 0; i < 3; i++) {
      met.add(world.entropy().nextLong());
      met.add(world.realtimeNanos());
      met.add(world.monotonicNanos());
      met.add(world.cpuNanos());
      met.add(world.instant());
      world.await(new Waker(), 5_000_000_000L);
    }
    return met;
  }

  /** What a program meets whose interpreter draws and looks at the clock until it has started. */
  private static List<Object> metAfterStart(RepeatableWorld world, boolean keeps)
      throws InterruptedException {
    if (world.find("key", image -> true).isEmpty()) {
      met(world);
      if (keeps) {
        world.keep("key", null);
      }
    }
    world.started();
    return met(world);
  }

  private static RepeatableWorld world(String seed, BootImages images) {
    return new RepeatableWorld(TIME, seed(seed), images);
  }

  @Test
  void isTheSameForTheSameSeedOnly() throws InterruptedException {
    var first = met(world("a", BootImages.NONE));
    assertThat(met(world("a", BootImages.NONE))).isEqualTo(first);
    assertThat(met(world("b", BootImages.NONE)).get(0)).isNotEqualTo(first.get(0));
  }

  @Test
  void isTheSameWhetherAnInterpreterHadStartedBefore() throws InterruptedException {
    var images = new Keys();
    var notKept = metAfterStart(world("a", images), false);
    var kept = metAfterStart(world("a", images), true);
    assertThat(kept).isEqualTo(notKept);
    assertThat(metAfterStart(world("a", images), true)).isEqualTo(notKept);
    assertThat(metAfterStart(world("b", images), true).get(0)).isNotEqualTo(notKept.get(0));
  }

  /** The state that is kept has what was drawn and seen while it came about. */
  @Test
  void anInterpreterStartsTheSameForWhicheverProgramAndBuild() throws InterruptedException {
    var first = world("a", BootImages.NONE);
    var second = new RepeatableWorld(TIME.plusSeconds(1), seed("b"), BootImages.NONE);
    first.find("key", image -> true);
    second.find("key", image -> true);
    assertThat(met(second)).isEqualTo(met(first));
  }

  /** One that has started in another world has drawn other numbers, at another time. */
  @Test
  void interpretersOfOtherWorldsAreNotTaken() {
    var images = new Keys();
    images.keep("key", null);
    var world = world("a", images);
    assertThat(world.find("key", image -> true)).isEmpty();
    world.keep("key", null);
    assertThat(world.find("key", image -> true)).isPresent();
  }

  @Test
  void timePassesByLookingAndBySleeping() throws InterruptedException {
    var world = world("a", BootImages.NONE);
    assertThat(world.realtimeNanos()).isEqualTo(NANOS);
    assertThat(world.realtimeNanos()).isGreaterThan(NANOS);
    assertThat(world.await(new Waker(), HOUR)).isFalse();
    assertThat(world.realtimeNanos()).isGreaterThan(NANOS + HOUR);
  }

  @Test
  void whoWaitsWithoutSleepingAsksSomeThousandTimes() {
    var world = world("a", BootImages.NONE);
    int readings = 0;
    while (world.realtimeNanos() < NANOS + 10_000_000_000L) {
      readings++;
    }
    assertThat(readings).isBetween(5_000, 50_000);
  }

  @Test
  void laterChangesAreLaterAndInTheSecondOfTheBuild() throws InterruptedException {
    for (var time : List.of(TIME, TIME.plusNanos(999_999_999), Instant.ofEpochSecond(-5, 7))) {
      var world = new RepeatableWorld(time, seed("a"), BootImages.NONE);
      world.await(new Waker(), HOUR);
      var before = time;
      for (int i = 0; i < 2_000_000; i++) {
        var now = world.instant();
        assertThat(!now.isBefore(before) && now.getEpochSecond() == time.getEpochSecond()).isTrue();
        before = now;
      }
    }
    var world = world("a", BootImages.NONE);
    var first = world.instant();
    assertThat(first).as("than what was there").isAfter(TIME);
    assertThat(world.instant()).isAfter(first);
  }

  @Test
  void noClockGoesBackWhenTheInterpreterHasStarted() {
    var world = world("a", BootImages.NONE);
    world.find("key", image -> true);
    long before = 0;
    for (int i = 0; i < 10_000; i++) {
      before = world.monotonicNanos();
    }
    world.started();
    assertThat(world.monotonicNanos()).isGreaterThan(before);
  }

  /** Files may have times from 1677 to 2262; a clock of WASI is not negative. */
  @Test
  void timesAtTheEndsOfTimeNeitherFailNorGoBack() throws InterruptedException {
    for (var time : List.of(Instant.ofEpochSecond(-9_223_372_036L), LAST, TIME)) {
      var world = new RepeatableWorld(time, seed("a"), BootImages.NONE);
      world.started();
      long before = 0;
      for (int i = 0; i < 3; i++) {
        long now = world.realtimeNanos();
        assertThat(now).isGreaterThanOrEqualTo(before);
        assertThat(world.monotonicNanos()).isPositive();
        before = now;
        assertThat(world.await(new Waker(), Long.MAX_VALUE)).isFalse();
      }
    }
  }
}
