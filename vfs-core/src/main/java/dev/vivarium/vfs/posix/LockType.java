package dev.vivarium.vfs.posix;

/** What a lock on a file allows others. */
public enum LockType {
  /** {@code F_RDLCK}, {@code LOCK_SH}: others may read too. */
  READ,
  /** {@code F_WRLCK}, {@code LOCK_EX}: nobody else has a lock. */
  WRITE,
  /** {@code F_UNLCK}, {@code LOCK_UN}: no lock. */
  NONE
}
