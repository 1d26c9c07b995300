package dev.vivarium.wasi.call;

import static dev.vivarium.wasi.table.TestGuest.CREAT;
import static dev.vivarium.wasi.table.TestGuest.DATA;
import static dev.vivarium.wasi.table.TestGuest.OUT;
import static dev.vivarium.wasi.table.TestGuest.OUT2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.sys.Network;
import dev.vivarium.vfs.open.DeviceDescription;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.OpenFlags;
import dev.vivarium.wasi.table.TestDevice;
import dev.vivarium.wasi.table.TestGuest;
import dev.vivarium.wasi.trace.SyscallTrace;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SockCallsTest {
  private final TestGuest guest = TestGuest.wasix();

  @Test
  void whatIsNoSocketIsToldSo() {
    int file = guest.open("f", CREAT);
    int list = guest.iovecs(DATA, 1);
    for (int fd : new int[] {file, 99}) {
      var expected = fd == file ? Errno.ENOTSOCK : Errno.EBADF;
      assertThat(guest.call("sock_recv", fd, list, 1, 0, OUT, OUT2)).isEqualTo(expected);
      assertThat(guest.call("sock_send", fd, list, 1, 0, OUT)).isEqualTo(expected);
      assertThat(guest.call("sock_shutdown", fd, 1)).isEqualTo(expected);
      assertThat(guest.call("sock_accept", fd, 0, OUT)).isEqualTo(expected);
      assertThat(guest.call("sock_bind", fd, DATA)).isEqualTo(expected);
      assertThat(guest.call("sock_status", fd, OUT)).isEqualTo(expected);
      assertThat(guest.call("sock_get_opt_flag", fd, 2, OUT)).isEqualTo(expected);
    }
  }

  @Test
  void withoutANetworkThereIsNoSocketAndNoName() {
    assertThat(guest.call("sock_open", 1, 1, 6, OUT)).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(guest.call("sock_open", 9, 1, 6, OUT)).isEqualTo(Errno.EAFNOSUPPORT);
    assertThat(guest.call("sock_open", 1, 0, 6, OUT)).isEqualTo(Errno.EINVAL);
    assertThat(guest.call("resolve", "localhost", 80, DATA, 4, OUT)).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(guest.call("port_mac", DATA)).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(guest.call("port_route_clear")).isEqualTo(Errno.EOPNOTSUPP);
  }

  @Test
  void aSocketOfANetworkSendsAndReceives() {
    var device = new TestDevice();
    device.type = FileType.SOCKET;
    var networked = new TestGuest(SyscallTrace.NONE, true, new OneSocket(device), Credentials.ROOT);
    networked.ok("sock_open", 1, 1, 6, OUT);
    int fd = networked.u32(OUT);
    int length = networked.memory.writeText(DATA, "ping");
    networked.ok("sock_send", fd, networked.iovecs(DATA, length), 1, 0, OUT);
    assertThat(device.writes).containsExactly("ping");
    device.offer("pong");
    networked.memory.writeShort(OUT2, (short) -1);
    networked.ok("sock_recv", fd, networked.iovecs(DATA, 10), 1, 0, OUT, OUT2);
    assertThat(networked.memory.text(DATA, networked.u32(OUT))).isEqualTo("pong");
    assertThat(networked.memory.readShort(OUT2)).isZero();
    int list = networked.iovecs(DATA, 10);
    assertThat(networked.call("sock_recv", fd, list, 1, 1, OUT, OUT2))
        .as("peek")
        .isEqualTo(Errno.EOPNOTSUPP);
    assertThat(networked.call("sock_recv", fd, list, 1, 8, OUT, OUT2)).isEqualTo(Errno.EINVAL);
    assertThat(networked.call("sock_shutdown", fd, 1)).isEqualTo(Errno.EOPNOTSUPP);
  }

  @Test
  void addressesAreWrittenAsFarAsThereIsRoom() {
    var networked = new TestGuest(SyscallTrace.NONE, true, new OneSocket(null), Credentials.ROOT);
    networked.ok("resolve", "host", 0, DATA, 4, OUT);
    assertThat(networked.u32(OUT)).isEqualTo(2);
    assertThat(networked.memory.copy(DATA, 6)).containsExactly(1, 0, 10, 0, 0, 1);
    assertThat(networked.memory.copy(DATA + 18, 3)).containsExactly(2, 0, 0xFE);
    networked.ok("resolve", "host", 0, DATA, 1, OUT);
    assertThat(networked.u32(OUT)).isEqualTo(1);
  }

  private record OneSocket(TestDevice device) implements Network {
    @Override
    public FileDescription socket(Family family, Type type, int protocol) {
      return new DeviceDescription(device, OpenFlags.O_RDWR);
    }

    @Override
    public List<InetAddress> resolve(String host) {
      try {
        return List.of(
            InetAddress.getByAddress(new byte[] {10, 0, 0, 1}), InetAddress.getByName("fe80::1"));
      } catch (UnknownHostException e) {
        throw new AssertionError(e);
      }
    }
  }
}
