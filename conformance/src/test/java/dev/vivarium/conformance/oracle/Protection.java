package dev.vivarium.conformance.oracle;

/**
 * The settings {@code fs.protected_*} of the Linux that is compared with. Ours are those of {@code
 * OURS}: they protect hard links, as distributions do, and else what the kernel does by itself.
 *
 * @param stickyDirectoriesAsOurs whether sticky directories protect no more than ours
 * @param hardLinksAsOurs whether hard links are protected
 */
record Protection(boolean stickyDirectoriesAsOurs, boolean hardLinksAsOurs) {
  static final Protection OURS = new Protection(true, true);

  /** From the helper's first line. */
  static Protection of(String settings) {
    return new Protection(
        settings.contains("symlinks=0 regular=0 fifos=0"), settings.contains("hardlinks=1"));
  }
}
