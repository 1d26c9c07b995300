package dev.vivarium.vfs.open;

import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import dev.vivarium.vfs.posix.Stat;
import dev.vivarium.vfs.posix.Whence;

/** An open {@link Device}: a standard stream, or a device node. */
public class DeviceDescription extends FileDescription {
  // What Linux has no mount for (pipes, inherited terminals) is on a device of its own; see
  // MountTable.
  private static final long DEVICE = 13;
  private static final long TERMINAL = 0x500;

  private final Device device;
  private final Credentials owner;

  /** A stream of root's. */
  public DeviceDescription(Device device, int flags) {
    this(device, flags, Credentials.ROOT);
  }

  /**
   * A stream that is no node of any filesystem; {@code fstat(2)} has something plausible to say.
   *
   * @param owner whose it is: who may open it again
   */
  public DeviceDescription(Device device, int flags, Credentials owner) {
    super(flags);
    this.device = device;
    this.owner = owner;
  }

  @Override
  public final FileType type() {
    return device.type();
  }

  @Override
  public Stat stat() throws ErrnoException {
    boolean character = type() == FileType.CHARACTER_DEVICE;
    int mode = type().bits() | (character ? 0620 : 0600);
    long rdev = character ? TERMINAL : 0;
    return new Stat(DEVICE, 3, mode, 1, owner.uid(), owner.gid(), rdev, 0, 0, 0, 0, 0);
  }

  @Override
  public FileDescription reopen(int flags) throws ErrnoException {
    return new DeviceDescription(device, flags, owner);
  }

  @Override
  public final int read(byte[] buffer, int offset, int length)
      throws ErrnoException, InterruptedException {
    if (!readable()) {
      throw Errno.EBADF.exception();
    }
    return length == 0 ? 0 : device.read(buffer, offset, length, nonBlocking());
  }

  @Override
  public final int write(byte[] buffer, int offset, int length)
      throws ErrnoException, InterruptedException {
    if (!writable()) {
      throw Errno.EBADF.exception();
    }
    return length == 0 ? 0 : device.write(buffer, offset, length, nonBlocking());
  }

  @Override
  public final int pread(byte[] buffer, int offset, int length, long position)
      throws ErrnoException {
    requirePosition(position, readable());
    try {
      return length == 0 ? 0 : device.read(buffer, offset, length, true);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  @Override
  public final int pwrite(byte[] buffer, int offset, int length, long position)
      throws ErrnoException {
    requirePosition(position, writable());
    try {
      return length == 0 ? 0 : device.write(buffer, offset, length, true);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void requirePosition(long position, boolean open) throws ErrnoException {
    if (position < 0) {
      throw Errno.EINVAL.exception();
    }
    if (!device.seekable()) {
      throw Errno.ESPIPE.exception();
    }
    if (!open) {
      throw Errno.EBADF.exception();
    }
  }

  // A device that can seek does not wait; should one do so, the interrupt is left for the next
  // wait.
  private static ErrnoException interrupted() {
    Thread.currentThread().interrupt();
    return Errno.EINTR.exception();
  }

  @Override
  public final long seek(long offset, Whence whence) throws ErrnoException {
    if (!device.seekable()) {
      throw Errno.ESPIPE.exception();
    }
    return 0;
  }

  /** Whether reading and writing at an offset is possible. */
  final boolean seekable() {
    return device.seekable();
  }

  @Override
  public final Readiness readiness() {
    return device.readiness();
  }
}
