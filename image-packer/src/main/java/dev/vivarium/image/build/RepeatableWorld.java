package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.guest.BootImage;
import dev.vivarium.guest.BootImages;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.sys.Clock;
import dev.vivarium.vfs.open.Waker;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Time and chance as a program of a build meets them: the same whenever and wherever it is run, so
 * that what it makes of them is the same too.
 *
 * <p>The time of day begins with the time of the build. It goes on by what is slept, which takes no
 * time, and by a little whenever it is asked for, so that who waits for it sees it pass. What is
 * written has a time of its own, which goes on from change to change, so that later changes are
 * later, but stays within the second: compiled Python names the second of its source, and in the
 * box that is the build's.
 *
 * <p>Random numbers follow from a seed. An interpreter may begin as it was once it had started; one
 * that starts draws and looks at the clock while it does. It does so at the epoch, the same for all
 * builds, and the world is set to its program's when it has started: so that this meets the same
 * either way.
 */
final class RepeatableWorld implements Clock, BootImages {
  private static final long TICK_NANOS = 1000;

  /** Who waits without sleeping asks again and again, and should not have to a million times. */
  private static final int READINGS_OF_A_TICK = 1000;

  private static final long MOST_TICK_NANOS = 1_000_000;

  /** More than an interpreter sees pass while it starts: no clock that measures goes back. */
  private static final long START_NANOS = 10_000_000_000L;

  private final Instant time;
  private final Digest seed;
  private final BootImages images;
  private final Random random = new Random();

  // Guarded by this.
  private Instant start;
  private long monotonicStart;
  private long elapsed;
  private int readings;
  private long tick;
  private long changes;

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
    begin(time, 0, seed);
  }

  private synchronized void begin(Instant newStart, long newMonotonicStart, Digest newSeed) {
    start = newStart;
    monotonicStart = newMonotonicStart;
    elapsed = 0;
    readings = 0;
    tick = TICK_NANOS;
    // Later than what is there, which has the time of the build.
    changes = 1;
    random.setSeed(Long.parseUnsignedLong(newSeed.hex(), 0, 16, 16));
  }

  /** The source of all random numbers; its algorithm is part of what Java promises. */
  RandomGenerator entropy() {
    return random;
  }

  // ---- started interpreters -------------------------------------------------------------------

  @Override
  public Optional<BootImage> find(String key, Predicate<BootImage> fits) {
    var own = own(key);
    begin(Instant.EPOCH, 0, own);
    return images.find(own.hex(), fits);
  }

  @Override
  public void keep(String key, BootImage image) {
    images.keep(own(key).hex(), image);
  }

  private static Digest own(String key) {
    return Digest.of(("repeatable, without access times " + key).getBytes(UTF_8));
  }

  @Override
  public void started() {
    begin(time, START_NANOS, seed);
  }

  // ---- the clock ------------------------------------------------------------------------------

  /** What has passed, and a tick more from now on. */
  private long pass() {
    long now = elapsed;
    if (++readings % READINGS_OF_A_TICK == 0) {
      tick = Math.min(2 * tick, MOST_TICK_NANOS);
    }
    pass(tick);
    return now;
  }

  /** At the end of time it stands still. */
  private void pass(long nanos) {
    long left = Long.MAX_VALUE - START_NANOS - startNanos() - elapsed;
    elapsed += Math.max(0, Math.min(nanos, left));
  }

  /** That of guests does not go back behind the epoch, as a file's time may. */
  private long startNanos() {
    return Math.max(0, ChronoUnit.NANOS.between(Instant.EPOCH, start));
  }

  @Override
  public synchronized long realtimeNanos() {
    return startNanos() + pass();
  }

  @Override
  public synchronized long monotonicNanos() {
    return monotonicStart + pass();
  }

  @Override
  public long cpuNanos() {
    return monotonicNanos();
  }

  @Override
  public long resolutionNanos() {
    return TICK_NANOS;
  }

  @Override
  public boolean await(Waker waker, long nanos) throws InterruptedException {
    if (waker.await(nanos < 0 ? nanos : 0)) {
      return true;
    }
    synchronized (this) {
      pass(nanos);
    }
    return false;
  }

  /** The time of what is written. */
  @Override
  public synchronized Instant instant() {
    long last = Math.max(0, 1_000_000_000 - TICK_NANOS - start.getNano());
    return start.plusNanos(Math.min(TICK_NANOS * changes++, last));
  }
}
