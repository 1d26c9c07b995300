package dev.vivarium.wasi.call;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.wasi.abi.Flags;

/** Sockets. */
public final class SockCalls {
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
    long count =
        Transfer.read(
            call, call.iovecs(1), whole, (buffer, length, done) -> socket.read(buffer, 0, length));
    call.give(count, 0);
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

  private static FileDescription socket(Call call) throws ErrnoException {
    var file = call.file(0);
    if (file.type() != FileType.SOCKET) {
      throw Errno.ENOTSOCK.exception();
    }
    return file;
  }
}
