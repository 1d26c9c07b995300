package dev.vivarium.sys;

import dev.vivarium.vfs.posix.ErrnoException;

/** Signals between the processes of a sandbox. */
public interface SignalService {

  /**
   * {@code kill(2)}, for a process that signals itself as well as for others.
   *
   * @param sender who asks
   * @param pid whom; the sender's own pid for {@code raise(3)}
   * @param number the signal's number; 0 only asks whether the process is there
   * @throws ErrnoException EINVAL if there is no such signal; ESRCH if there is no such process;
   *     EOPNOTSUPP where the signal's action cannot be had
   * @throws ProcessExit if the signal ends the sender
   */
  void send(Process sender, int pid, int number) throws ErrnoException;

  /**
   * {@code setitimer(2)} of {@code ITIMER_REAL}: sends SIGALRM.
   *
   * @param intervalNanos 0 ends the timer
   * @throws ErrnoException ENOSYS where there are no timers
   */
  void setTimer(Process process, long intervalNanos, boolean repeat) throws ErrnoException;
}
