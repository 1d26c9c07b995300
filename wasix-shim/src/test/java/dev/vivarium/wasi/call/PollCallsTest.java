package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.CREAT;
import static dev.vivarium.wasi.table.TestGuest.DATA;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.vfs.open.Readiness;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.abi.WasiErrno;
import dev.vivarium.wasi.table.TestGuest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PollCallsTest {
  private static final int REALTIME = 0;
  private static final int MONOTONIC = 1;
  private static final int EVENTS = DATA + 0x1_0000;

  private TestGuest guest = new TestGuest();
  private int count;

  record Event(long userdata, Errno error, int type, long bytes, int flags) {}

  // ---- clocks -------------------------------------------------------------------------------

  @Test
  void aRelativeTimeOutLastsAsLongAsItSays() {
    clock(1, MONOTONIC, 5_000, false);
    assertThat(poll()).containsExactly(new Event(1, null, 0, 0, 0));
    assertThat(guest.clock.monotonicNanos()).isEqualTo(5_000);
  }

  @Test
  void anAbsoluteTimeOutIsAPointInTime() {
    long now = guest.clock.realtimeNanos();
    clock(1, REALTIME, now + 7_000, true);
    assertThat(poll()).hasSize(1);
    assertThat(guest.clock.realtimeNanos()).isEqualTo(now + 7_000);
    clock(2, MONOTONIC, 9_000, true);
    assertThat(poll()).extracting(Event::userdata).containsExactly(2L);
    assertThat(guest.clock.monotonicNanos()).isEqualTo(9_000);
    clock(3, REALTIME, 1, true);
    assertThat(poll()).as("in the past").hasSize(1);
    assertThat(guest.clock.monotonicNanos()).isEqualTo(9_000);
  }

  @Test
  void theEarliestClockEndsTheWait() {
    clock(1, MONOTONIC, 5_000, false);
    clock(2, MONOTONIC, 3_000, false);
    clock(3, MONOTONIC, 3_000, false);
    assertThat(poll()).extracting(Event::userdata).containsExactly(2L, 3L);
    assertThat(guest.clock.monotonicNanos()).isEqualTo(3_000);
  }

  @Test
  void zeroIsNow() {
    clock(1, MONOTONIC, 0, false);
    assertThat(poll()).hasSize(1);
    assertThat(guest.clock.monotonicNanos()).isZero();
  }

  @Test
  void zeroIsNoTimeOutForAWasixGuestAndOneIsAtOnce() {
    guest = TestGuest.wasix();
    clock(1, MONOTONIC, 0, false);
    clock(2, MONOTONIC, 1, false);
    assertThat(poll()).extracting(Event::userdata).containsExactly(2L);
    clock(1, MONOTONIC, 0, false);
    fd(2, 1, 0);
    guest.in.offer("x");
    assertThat(poll()).extracting(Event::userdata).containsExactly(2L);
  }

  @Test
  void aClockThatIsNoneIsAnErrorOfItsEvent() {
    clock(1, 9, 5, false);
    clock(2, 2, 5, false);
    assertThat(poll()).extracting(Event::error).containsExactly(Errno.EINVAL, Errno.EOPNOTSUPP);
  }

  // ---- files --------------------------------------------------------------------------------

  @Test
  void aStreamIsReadyWhenThereIsSomething() {
    guest.in.offer("hello");
    fd(7, 1, 0);
    clock(8, MONOTONIC, 1_000, false);
    assertThat(poll()).containsExactly(new Event(7, null, 1, 5, 0));
  }

  @Test
  void aStreamWithoutInputLetsTheTimeRunOut() {
    fd(7, 1, 0);
    clock(8, MONOTONIC, 1_000, false);
    assertThat(poll()).extracting(Event::userdata).containsExactly(8L);
    assertThat(guest.in.watchers()).isZero();
  }

  @Test
  void theEndOfAStreamIsAHangup() {
    guest.in.end();
    fd(7, 1, 0);
    assertThat(poll()).containsExactly(new Event(7, null, 1, 0, 1));
  }

  @Test
  void aPipeWithoutAReaderIsAnErrorForItsWriter() {
    guest.out.moreEvents = Readiness.WRITABLE | Readiness.ERROR;
    fd(7, 2, 1);
    assertThat(poll()).containsExactly(new Event(7, Errno.EPIPE, 2, 0, 0));
  }

  @Test
  void aFileIsAlwaysReadyAndTellsWhatIsLeft() {
    int file = guest.open("f", CREAT);
    guest.write(file, "0123456789");
    guest.ok("fd_seek", file, 4L, 0, OUT);
    fd(1, 1, file);
    fd(2, 2, file);
    clock(3, MONOTONIC, 1_000, false);
    assertThat(poll()).containsExactly(new Event(1, null, 1, 6, 0), new Event(2, null, 2, 0, 0));
  }

  @Test
  void aBadDescriptorIsAnErrorOfItsEventAndEndsTheWait() {
    fd(1, 1, 99);
    fd(2, 1, 0);
    assertThat(poll()).containsExactly(new Event(1, Errno.EBADF, 1, 0, 0));
  }

  @Test
  void inputThatArrivesEndsTheWait() throws Exception {
    var arrival =
        new Thread(
            () -> {
              while (guest.in.watchers() == 0) {
                Thread.onSpinWait();
              }
              guest.in.offer("late");
            });
    arrival.start();
    fd(1, 1, 0);
    assertThat(poll()).containsExactly(new Event(1, null, 1, 4, 0));
    arrival.join();
    assertThat(guest.in.watchers()).isZero();
  }

  @Test
  void anInterruptEndsTheWait() {
    fd(1, 1, 0);
    Thread.currentThread().interrupt();
    assertThatThrownBy(this::poll).isInstanceOf(GuestTrap.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(guest.in.watchers()).isZero();
  }

  // ---- what is wrong ------------------------------------------------------------------------

  @Test
  void nothingToWaitForIsInvalid() {
    assertThat(guest.call("poll_oneoff", DATA, EVENTS, 0, OUT)).isEqualTo(Errno.EINVAL);
  }

  @Test
  void aCountThatNobodyMeansIsInvalid() {
    assertThat(guest.call("poll_oneoff", DATA, EVENTS, -1, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("poll_oneoff", DATA, EVENTS, 1 << 22, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("poll_oneoff", DATA, EVENTS, 1 << 16, OUT)).isEqualTo(Errno.EFAULT);
  }

  @Test
  void anUnknownTypeIsAnErrorOfItsEvent() {
    subscribe(5, 9);
    assertThat(poll()).containsExactly(new Event(5, Errno.EINVAL, 9, 0, 0));
  }

  @Test
  void eventsThatCannotBeWrittenAreAFault() {
    clock(1, MONOTONIC, 5_000, false);
    assertThat(guest.call("poll_oneoff", DATA, -32, 1, OUT)).isEqualTo(Errno.EFAULT);
    assertThat(guest.clock.monotonicNanos()).as("nobody has waited").isZero();
  }

  // ---- snapshot 0 ---------------------------------------------------------------------------

  @Test
  void snapshot0HasItsOwnLayout() {
    guest.memory.writeLong(DATA, 42);
    guest.memory.writeByte(DATA + 8, (byte) 0);
    guest.memory.writeLong(DATA + 16, 77);
    guest.memory.writeInt(DATA + 24, MONOTONIC);
    guest.memory.writeLong(DATA + 32, 5_000);
    guest.memory.writeLong(DATA + 56, 43);
    guest.memory.writeByte(DATA + 56 + 8, (byte) 1);
    guest.memory.writeInt(DATA + 56 + 16, 0);
    var errno = guest.callIn(TestGuest.SNAPSHOT0, "poll_oneoff", DATA, EVENTS, 2, OUT);
    assertThat(errno).isNull();
    assertThat(guest.u32(OUT)).isEqualTo(1);
    assertThat(guest.u64(EVENTS)).isEqualTo(42);
    assertThat(guest.clock.monotonicNanos()).isEqualTo(5_000);
  }

  // ---- helpers ------------------------------------------------------------------------------

  private int subscribe(long userdata, int type) {
    int at = DATA + 48 * count++;
    guest.memory.fill(at, 48, (byte) 0);
    guest.memory.writeLong(at, userdata);
    guest.memory.writeByte(at + 8, (byte) type);
    return at;
  }

  private void clock(long userdata, int id, long timeout, boolean absolute) {
    int at = subscribe(userdata, 0);
    guest.memory.writeInt(at + 16, id);
    guest.memory.writeLong(at + 24, timeout);
    guest.memory.writeShort(at + 40, (short) (absolute ? 1 : 0));
  }

  private void fd(long userdata, int type, int fd) {
    guest.memory.writeInt(subscribe(userdata, type) + 16, fd);
  }

  private List<Event> poll() {
    int subscriptions = count;
    count = 0;
    guest.ok("poll_oneoff", DATA, EVENTS, subscriptions, OUT);
    var events = new ArrayList<Event>();
    for (int i = 0; i < guest.u32(OUT); i++) {
      int at = EVENTS + 32 * i;
      int errno = guest.memory.readShort(at + 8);
      events.add(
          new Event(
              guest.u64(at),
              errno == 0 ? null : Errno.valueOf(WasiErrno.name(errno)),
              guest.memory.readByte(at + 10),
              guest.u64(at + 16),
              guest.memory.readShort(at + 24)));
    }
    return events;
  }
}
