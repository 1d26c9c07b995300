package dev.vivarium.sys.net;

import dev.vivarium.sys.Network;
import dev.vivarium.vfs.open.FileDescription;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.net.InetAddress;
import java.util.List;

/** A machine without any network. */
public final class NoNetwork implements Network {

  @Override
  public FileDescription socket(Family family, Type type, int protocol) throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
  }

  @Override
  public List<InetAddress> resolve(String host) throws ErrnoException {
    throw Errno.EOPNOTSUPP.exception();
  }
}
