package dev.vivarium.sys.proc;

import dev.vivarium.sys.Process;
import dev.vivarium.vfs.mount.Caller;
import dev.vivarium.vfs.mount.Location;
import dev.vivarium.vfs.mount.PseudoLink;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;

/** A link to what a process holds: it leads there itself, not by the path that it shows. */
final class ProcessLink extends PseudoLink {
  private final Process process;
  private final Target target;

  /** Finds out where a link leads. */
  interface Target {
    Location of(Process process) throws ErrnoException;
  }

  ProcessLink(Header header, Process process, Target target) {
    super(header);
    this.process = process;
    this.target = target;
  }

  @Override
  protected byte[] text(Caller caller) throws ErrnoException {
    return jump(caller).describedBelow(caller.root());
  }

  @Override
  protected Location jump(Caller caller) throws ErrnoException {
    requireInspection(caller);
    return target.of(process);
  }

  /** As {@code ptrace(2)} allows to look into a process: itself, its user's others, and root. */
  private void requireInspection(Caller caller) throws ErrnoException {
    var who = caller.credentials();
    var whose = process.context().credentials();
    boolean sameUser =
        who.uid() == whose.uid()
            && who.uid() == whose.realUid()
            && who.gid() == whose.gid()
            && who.gid() == whose.realGid();
    if (caller.pid() != process.pid() && !who.isRoot() && !sameUser) {
      throw Errno.EACCES.exception();
    }
  }
}
