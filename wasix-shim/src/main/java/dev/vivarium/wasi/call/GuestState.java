package dev.vivarium.wasi.call;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.wasi.abi.Rights;
import java.util.List;

/** What the import layer itself remembers of one guest process. Safe for use by its threads. */
public final class GuestState {
  private final Process process;
  private final boolean wasix;
  private final Preopens preopens;
  private volatile StringTable arguments;
  private volatile StringTable environment;
  private final Scratch scratch = new Scratch();

  /**
   * @param wasix whether the module imports any WASIX function. Two functions that have the same
   *     name in preview1 then mean what the WASIX libc means by them: {@code fd_renumber} is {@code
   *     dup2}, and a relative time-out of 0 in {@code poll_oneoff} is none
   * @param preopens the paths of its descriptors from 4 on, if they are preopened directories
   */
  public GuestState(Process process, boolean wasix, List<String> preopens) {
    this.process = process;
    this.wasix = wasix;
    this.preopens = new Preopens(preopens);
    this.arguments = new StringTable(process.arguments());
    this.environment = new StringTable(process.environment());
  }

  Process process() {
    return process;
  }

  boolean wasix() {
    return wasix;
  }

  Preopens preopens() {
    return preopens;
  }

  StringTable arguments() {
    if (!arguments.isOf(process.arguments())) {
      arguments = new StringTable(process.arguments());
    }
    return arguments;
  }

  /** Asked for at each {@code getenv} of some guests. */
  StringTable environment() {
    if (!environment.isOf(process.environment())) {
      environment = new StringTable(process.environment());
    }
    return environment;
  }

  Scratch scratch() {
    return scratch;
  }

  /** The table's word of what rights a descriptor has left; see {@link DescriptorRights}. */
  long rights(int fd) throws ErrnoException {
    return process.descriptors().rights(fd);
  }

  /**
   * Checks that a descriptor is open and has rights. As the specification says, the right to seek
   * includes the right to tell.
   *
   * @throws ErrnoException EBADF; ENOTCAPABLE
   */
  public void require(int fd, long needed) throws ErrnoException {
    long left = rights(fd);
    long lacking = needed & ~DescriptorRights.base(left);
    if (lacking == Rights.FD_TELL && (left & Rights.FD_SEEK) != 0) {
      return;
    }
    if (lacking != 0) {
      throw Errno.ENOTCAPABLE.exception();
    }
  }
}
