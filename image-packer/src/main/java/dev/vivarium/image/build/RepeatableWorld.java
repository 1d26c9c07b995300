package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.guest.BootImage;
import dev.vivarium.guest.BootImages;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.sys.Clock;
import dev.vivarium.sys.time.VirtualClock;
import dev.vivarium.vfs.open.Waker;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Time and chance as a program of a build meets them: the same whenever and wherever it is run, so
 * that what it makes of them is the same too.
 *
 * <p>The time of day begins with the time of the build. It goes on by a microsecond whenever it is
 * asked for, so that who waits for it sees it pass, and by what is slept, which takes no time. What
 * is written has the time of the build, whatever passes: compiled Python names the time of its
 * source, and that is what the source has in the box.
 *
 * <p>Random numbers follow from a seed. An interpreter may begin as it was once it had started; one
 * that starts draws and looks at the clock while it does. Both are set back when it is ready for
 * its program, so that this meets the same either way.
 */
final class RepeatableWorld implements Clock, BootImages {
  private static final long TICK_NANOS = 1000;

  /** More than an interpreter sees pass while it starts: no clock that measures goes back. */
  private static final long START_NANOS = 1_000_000_000;

  private final Instant time;
  private final Digest seed;
  private final BootImages images;
  private final Random random;
  private volatile VirtualClock clock;
  private volatile long monotonicBase;

  /**
   * The world of one run.
   *
   * @param time of the build
   * @param seed what the random numbers follow from: what the run depends on
   * @param images where started interpreters are kept, those of such worlds apart from others
   */
  RepeatableWorld(Instant time, Digest seed, BootImages images) {
    this.time = time;
    this.seed = seed;
    this.images = images;
    this.random = new Random(number(seed));
    this.clock = newClock(time);
  }

  /** That of guests does not go back behind the epoch, as a file's time may. */
  private static VirtualClock newClock(Instant time) {
    return new VirtualClock(time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time, TICK_NANOS);
  }

  private static long number(Digest digest) {
    return Long.parseUnsignedLong(digest.hex(), 0, 16, 16);
  }

  /** The source of all random numbers; its algorithm is part of what Java promises. */
  RandomGenerator entropy() {
    return random;
  }

  // ---- started interpreters -------------------------------------------------------------------

  @Override
  public Optional<BootImage> find(String key, Predicate<BootImage> fits) {
    var own = own(key);
    var found = images.find(own.hex(), fits);
    if (found.isPresent()) {
      begin();
    } else {
      // It will be for other programs too.
      random.setSeed(number(own));
    }
    return found;
  }

  @Override
  public void keep(String key, BootImage image) {
    images.keep(own(key).hex(), image);
    begin();
  }

  private Digest own(String key) {
    return Digest.of(("repeatable " + time + " " + key).getBytes(UTF_8));
  }

  /** What a program meets when its interpreter has started. */
  private void begin() {
    random.setSeed(number(seed));
    clock = newClock(time);
    monotonicBase = START_NANOS;
  }

  // ---- the clock ------------------------------------------------------------------------------

  @Override
  public long realtimeNanos() {
    return clock.realtimeNanos();
  }

  @Override
  public long monotonicNanos() {
    return monotonicBase + clock.monotonicNanos();
  }

  @Override
  public long cpuNanos() {
    return monotonicNanos();
  }

  @Override
  public long resolutionNanos() {
    return clock.resolutionNanos();
  }

  @Override
  public boolean await(Waker waker, long nanos) throws InterruptedException {
    return clock.await(waker, nanos);
  }

  /** The time of what is written. */
  @Override
  public Instant instant() {
    return time;
  }
}
