package dev.vivarium.runtime;

import java.util.Set;

/**
 * The standard library that a module has inside: a ZIP archive in its memory, which can be taken
 * out. The interpreter then finds its files in {@link LanguageRuntime#packageDirectory()}.
 *
 * @param modules the digests of the modules that have it so
 * @param rest the digest of what is left of them, without custom sections
 * @param address where the archive begins
 * @param size its bytes
 * @param needed the members that stay, since the interpreter needs them whatever its search path is
 */
public record EmbeddedLibrary(
    Set<String> modules, String rest, long address, int size, Set<String> needed) {

  /** Whether a module of this digest has it. */
  public boolean isIn(String sha256) {
    return modules.contains(sha256);
  }
}
