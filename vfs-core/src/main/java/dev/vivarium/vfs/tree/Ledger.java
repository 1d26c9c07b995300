package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a filesystem in memory has used of its limits. Charged before memory is taken. Several trees
 * may share one. Guarded by their lock.
 */
public final class Ledger {
  private long byteLimit;
  private long inodeLimit;
  private final long userByteLimit;
  private final long userInodeLimit;
  private final boolean perUser;
  private final Map<Integer, Usage> users = new HashMap<>();
  private long bytes;
  private long inodes;

  private static final class Usage {
    long bytes;
    long inodes;
  }

  private static final Usage NOTHING = new Usage();

  /** Limits in all, and for each user but root. */
  public Ledger(long bytes, long inodes, long userBytes, long userInodes) {
    this.byteLimit = bytes;
    this.inodeLimit = inodes;
    this.userByteLimit = userBytes;
    this.userInodeLimit = userInodes;
    this.perUser = userBytes != Long.MAX_VALUE || userInodes != Long.MAX_VALUE;
  }

  /** A ledger that refuses nothing. */
  public static Ledger unlimited() {
    return new Ledger(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /**
   * Sets the limits in all anew.
   *
   * @throws ErrnoException EINVAL if more is used
   */
  public void limit(long newBytes, long newInodes) throws ErrnoException {
    if (newBytes < bytes || newInodes < inodes) {
      throw Errno.EINVAL.exception();
    }
    byteLimit = newBytes;
    inodeLimit = newInodes;
  }

  /**
   * Takes from what is free, or nothing.
   *
   * @throws ErrnoException ENOSPC; EDQUOT
   */
  void charge(int uid, long moreBytes, long moreInodes) throws ErrnoException {
    if (moreBytes > byteLimit - bytes || moreInodes > inodeLimit - inodes) {
      throw Errno.ENOSPC.exception();
    }
    chargeUser(uid, moreBytes, moreInodes);
    bytes += moreBytes;
    inodes += moreInodes;
  }

  /** Gives back. */
  void credit(int uid, long fewerBytes, long fewerInodes) {
    bytes -= fewerBytes;
    inodes -= fewerInodes;
    creditUser(uid, fewerBytes, fewerInodes);
  }

  /**
   * Makes another user pay.
   *
   * @throws ErrnoException EDQUOT
   */
  void transfer(int from, int to, long theBytes, long theInodes) throws ErrnoException {
    if (from != to) {
      chargeUser(to, theBytes, theInodes);
      creditUser(from, theBytes, theInodes);
    }
  }

  /**
   * Changes what several users pay, or nothing.
   *
   * @param changes bytes and inodes more, by user
   * @throws ErrnoException ENOSPC; EDQUOT
   */
  void change(Map<Integer, long[]> changes) throws ErrnoException {
    long moreBytes = 0;
    long moreInodes = 0;
    for (var change : changes.entrySet()) {
      long[] more = change.getValue();
      moreBytes += more[0];
      moreInodes += more[1];
      if (isCounted(change.getKey())) {
        var usage = users.getOrDefault(change.getKey(), NOTHING);
        if (more[0] > Math.max(0, userByteLimit - usage.bytes)
            || more[1] > Math.max(0, userInodeLimit - usage.inodes)) {
          throw Errno.EDQUOT.exception();
        }
      }
    }
    if (moreBytes > Math.max(0, byteLimit - bytes)
        || moreInodes > Math.max(0, inodeLimit - inodes)) {
      throw Errno.ENOSPC.exception();
    }
    changes.keySet().stream()
        .filter(this::isCounted)
        .forEach(uid -> users.computeIfAbsent(uid, u -> new Usage()));
    changes.forEach((uid, more) -> credit(uid, -more[0], -more[1]));
    users.values().removeIf(usage -> usage.bytes == 0 && usage.inodes == 0);
  }

  private boolean isCounted(int uid) {
    return perUser && uid != 0;
  }

  private void chargeUser(int uid, long moreBytes, long moreInodes) throws ErrnoException {
    if (!isCounted(uid) || (moreBytes == 0 && moreInodes == 0)) {
      return;
    }
    var usage = users.computeIfAbsent(uid, u -> new Usage());
    if (moreBytes > userByteLimit - usage.bytes || moreInodes > userInodeLimit - usage.inodes) {
      forgetIfUnused(uid, usage);
      throw Errno.EDQUOT.exception();
    }
    usage.bytes += moreBytes;
    usage.inodes += moreInodes;
  }

  private void creditUser(int uid, long fewerBytes, long fewerInodes) {
    if (!isCounted(uid) || (fewerBytes == 0 && fewerInodes == 0)) {
      return;
    }
    var usage = users.get(uid);
    usage.bytes -= fewerBytes;
    usage.inodes -= fewerInodes;
    forgetIfUnused(uid, usage);
  }

  private void forgetIfUnused(int uid, Usage usage) {
    if (usage.bytes == 0 && usage.inodes == 0) {
      users.remove(uid);
    }
  }

  public long bytes() {
    return bytes;
  }

  public long inodes() {
    return inodes;
  }

  public long byteLimit() {
    return byteLimit;
  }

  public long inodeLimit() {
    return inodeLimit;
  }

  public long freeBytes() {
    return byteLimit - bytes;
  }

  public long freeInodes() {
    return inodeLimit - inodes;
  }

  /** Whether what users pay is counted. */
  boolean countsUsers() {
    return perUser;
  }

  /** For checks: what users pay, as bytes and inodes. */
  public Map<Integer, List<Long>> users() {
    var copy = new HashMap<Integer, List<Long>>();
    users.forEach((uid, usage) -> copy.put(uid, List.of(usage.bytes, usage.inodes)));
    return copy;
  }
}
