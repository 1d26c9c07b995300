package dev.vivarium.wasi.call;

import dev.vivarium.sys.Network;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.wasi.abi.Flags;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sockets. */
public final class SockCalls {
  private static final int INET4 = 1;
  private static final int INET6 = 2;

  /** The size of {@code addr_ip}: a tag, and 16 bytes of address at 2. */
  private static final int ADDRESS_SIZE = 18;

  // By their WASIX numbers, from 1.
  private static final List<Network.Family> FAMILIES =
      List.of(Network.Family.INET4, Network.Family.INET6, Network.Family.UNIX);
  private static final List<Network.Type> TYPES =
      List.of(
          Network.Type.STREAM,
          Network.Type.DATAGRAM,
          Network.Type.RAW,
          Network.Type.SEQUENCED_PACKET);

  private SockCalls() {}

  /** Any call for a connection: no socket here can have one. */
  public static void unsupported(Call call) throws ErrnoException {
    socket(call);
    throw Errno.EOPNOTSUPP.exception();
  }

  public static void receive(Call call) throws ErrnoException, InterruptedException {
    var socket = socket(call);
    boolean whole = (call.flags(2) & Flags.RECV_WAITALL) != 0;
    if ((call.flags(2) & Flags.RECV_PEEK) != 0) {
      throw Errno.EOPNOTSUPP.exception();
    }
    call.give(
        Transfer.read(
            call, call.iovecs(1), whole, (buffer, length, done) -> socket.read(buffer, 0, length)),
        0);
  }

  public static void send(Call call) throws ErrnoException, InterruptedException {
    var socket = socket(call);
    if (call.i32(2) != 0) {
      throw Errno.EINVAL.exception();
    }
    call.give(
        Transfer.write(
            call, call.iovecs(1), (buffer, length, done) -> socket.write(buffer, 0, length)));
  }

  // ---- WASIX --------------------------------------------------------------------------------

  public static void open(Call call) throws ErrnoException {
    var family = choice(FAMILIES, call.u32(0), Errno.EAFNOSUPPORT);
    var type = choice(TYPES, call.u32(1), Errno.EINVAL);
    var socket = call.kernel().network().socket(family, type, call.i32(2));
    call.give(call.process().descriptors().add(socket, 0, false));
  }

  /** Addresses without ports, as many as there is room for. */
  public static void resolve(Call call) throws ErrnoException {
    var host = new String(call.string(0), StandardCharsets.UTF_8);
    var addresses = call.kernel().network().resolve(host);
    int count = (int) Math.min(addresses.size(), call.u32(3));
    call.memory().check(call.address(2), (long) count * ADDRESS_SIZE);
    for (int i = 0; i < count; i++) {
      var ip = addresses.get(i).getAddress();
      int at = call.address(2) + i * ADDRESS_SIZE;
      call.memory().fill(at, ADDRESS_SIZE, (byte) 0);
      call.memory().writeByte(at, (byte) (ip.length == 4 ? INET4 : INET6));
      call.memory().write(at + 2, ip, 0, ip.length);
    }
    call.give(count);
  }

  private static <T> T choice(List<T> choices, long number, Errno unknown) throws ErrnoException {
    if (number < 1 || number > choices.size()) {
      throw unknown.exception();
    }
    return choices.get((int) number - 1);
  }

  private static FileDescription socket(Call call) throws ErrnoException {
    var file = call.file(0);
    if (file.type() != FileType.SOCKET) {
      throw Errno.ENOTSOCK.exception();
    }
    return file;
  }
}
