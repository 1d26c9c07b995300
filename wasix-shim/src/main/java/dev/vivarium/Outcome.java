package dev.vivarium;

import dev.vivarium.vfs.Change;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import java.util.List;

/** How a run ended, and what it left behind. */
public final class Outcome {

  /** Why a run ended. */
  public enum Reason {
    /** The guest returned or called {@code exit}. */
    EXITED(0),
    /** A signal that it sent to itself ended it. */
    SIGNALED(0),
    /** It trapped. */
    TRAPPED(134),
    /** Its deadline passed. */
    TIMED_OUT(124),
    /** It needed more memory than it may have. */
    MEMORY_LIMIT(137),
    /** The sandbox was closed while it ran, or before. */
    CLOSED(130);

    private final int status;

    Reason(int status) {
      this.status = status;
    }
  }

  private final Reason reason;
  private final int status;
  private final String message;
  private final Vfs filesystem;
  private final Snapshot before;

  Outcome(Reason reason, int code, String message, Vfs filesystem, Snapshot before) {
    this.reason = reason;
    this.status = reason.status == 0 ? code : reason.status;
    this.message = message;
    this.filesystem = filesystem;
    this.before = before;
  }

  public Reason reason() {
    return reason;
  }

  /**
   * The exit status as a shell would have it: the guest's own code (its low 8 bits), 128 + number
   * for a signal, 134 for a trap, 124 past the deadline, 137 for the memory limit, 130 if closed.
   */
  public int status() {
    return status & 0xFF;
  }

  /** What there is to say about it in one line; empty for an exit. */
  public String message() {
    return message;
  }

  /** The filesystem as the guest found it. */
  public Snapshot initial() {
    return before;
  }

  /**
   * The filesystem as the guest left it. What is mounted of the host can be read until the sandbox
   * is closed.
   */
  public Vfs filesystem() {
    return filesystem;
  }

  /**
   * What the guest added, changed, removed and renamed, sorted by path. It takes some hundred bytes
   * of memory for each, and there are as many as {@link dev.vivarium.vfs.Quota#inodes} lets a guest
   * make.
   */
  public List<Change> changes() {
    return filesystem.snapshot().diff(before);
  }

  @Override
  public String toString() {
    return reason + " " + status() + (message.isEmpty() ? "" : ": " + message);
  }
}
