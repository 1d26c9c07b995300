package dev.vivarium.engine.chicory;

import dev.vivarium.engine.Progress;
import java.io.IOException;

/** Where prepared modules are found, or made. */
interface Entries {

  /** Writes what belongs into an entry. */
  @FunctionalInterface
  interface Builder {
    void build(EntryWriter writer) throws IOException;
  }

  /**
   * The entry of this name, built first if there is no sound one.
   *
   * @param module whose it is, in messages
   */
  Entry entry(String name, String module, Progress progress, Builder builder) throws IOException;
}
