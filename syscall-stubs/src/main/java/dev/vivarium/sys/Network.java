package dev.vivarium.sys;

import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.ErrnoException;
import java.net.InetAddress;
import java.util.List;

/** The network that guests see. */
public interface Network {

  /** {@code AF_INET}, {@code AF_INET6} or {@code AF_UNIX}. */
  enum Family {
    INET4,
    INET6,
    UNIX
  }

  /** {@code SOCK_STREAM}, {@code SOCK_DGRAM} and their like. */
  enum Type {
    STREAM,
    DATAGRAM,
    RAW,
    SEQUENCED_PACKET
  }

  /**
   * {@code socket(2)}.
   *
   * @param protocol the IP protocol's number; 0 for the type's default
   * @throws ErrnoException EAFNOSUPPORT, EPROTONOSUPPORT; EOPNOTSUPP where there is no network
   */
  FileDescription socket(Family family, Type type, int protocol) throws ErrnoException;

  /**
   * The addresses of a host name.
   *
   * @throws ErrnoException EOPNOTSUPP where there is no network
   */
  List<InetAddress> resolve(String host) throws ErrnoException;
}
