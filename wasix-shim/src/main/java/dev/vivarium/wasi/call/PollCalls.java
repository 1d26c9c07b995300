package dev.vivarium.wasi.call;

import dev.vivarium.sys.Poll;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.wasi.abi.Layout;
import dev.vivarium.wasi.abi.Layouts;
import java.util.ArrayList;
import java.util.List;

/** Waiting for time and for files. */
public final class PollCalls {
  /** Far above what any poll can sensibly wait on, and a bound for the memory that it takes. */
  private static final int MAX_SUBSCRIPTIONS = 1 << 16;

  private PollCalls() {}

  public static void oneOff(Call call) throws ErrnoException, InterruptedException {
    oneOff(call, Layouts.SUBSCRIPTION);
  }

  /** As snapshot 0 lays subscriptions out. */
  public static void oneOffOfSnapshot0(Call call) throws ErrnoException, InterruptedException {
    oneOff(call, Layouts.SUBSCRIPTION0);
  }

  private static void oneOff(Call call, Layout layout) throws ErrnoException, InterruptedException {
    long count = call.u32(2);
    if (count == 0 || count > MAX_SUBSCRIPTIONS) {
      throw Errno.EINVAL.exception();
    }
    call.memory().check(call.address(0), count * layout.size());
    call.memory().check(call.address(1), count * Layouts.EVENT.size());
    var subscriptions = new ArrayList<Subscription>((int) count);
    for (int i = 0; i < count; i++) {
      subscriptions.add(Subscription.read(call, layout, call.address(0) + i * layout.size()));
    }
    await(call, subscriptions);
    int events = 0;
    for (var subscription : subscriptions) {
      var event = subscription.event();
      if (event != null) {
        int at = call.address(1) + events++ * Layouts.EVENT.size();
        Layouts.EVENT.write(call.memory(), at, event, 0);
      }
    }
    call.give(events);
  }

  /** Waits until at least one subscription has something to tell. */
  private static void await(Call call, List<Subscription> subscriptions)
      throws InterruptedException {
    var clock = call.kernel().clock();
    long start = clock.monotonicNanos();
    long timeout = Long.MAX_VALUE;
    var files = new ArrayList<Subscription>();
    var targets = new ArrayList<Poll.Target>();
    for (var subscription : subscriptions) {
      timeout = Math.min(timeout, subscription.timeout());
      if (subscription.target() != null) {
        files.add(subscription);
        targets.add(subscription.target());
      }
    }
    var ready = Poll.await(clock, targets, timeout == Long.MAX_VALUE ? -1 : timeout);
    boolean any = false;
    for (int i = 0; i < ready.length; i++) {
      files.get(i).observed(ready[i]);
      any |= ready[i] != 0;
    }
    // A wait that nothing else ended has lasted for the time-out, whatever the clock's ticks say.
    long elapsed = clock.monotonicNanos() - start;
    long passed = any ? elapsed : Math.max(elapsed, timeout);
    for (var subscription : subscriptions) {
      subscription.elapsed(passed);
    }
  }
}
