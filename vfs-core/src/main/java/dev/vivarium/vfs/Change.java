package dev.vivarium.vfs;

/**
 * One difference between two snapshots.
 *
 * @param kind what became of the name
 * @param path the absolute path, as bytes joined by {@code /}; not to be changed
 */
public record Change(Kind kind, byte[] path) {

  /** What became of a name. */
  public enum Kind {
    /** Only the newer snapshot has it. */
    ADDED,
    /** Both have it, with other content or metadata (times of access aside). */
    CHANGED,
    /** Only the older snapshot has it. */
    REMOVED
  }

  /** The path for people: malformed UTF-8 replaced. */
  public String pathText() {
    return new String(path, java.nio.charset.StandardCharsets.UTF_8);
  }
}
