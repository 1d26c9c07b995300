package dev.vivarium.runtime;

import java.util.List;
import java.util.Set;

/** The standard library that a module has inside, if it can be taken out. */
public sealed interface EmbeddedLibrary {

  /** The digests of the modules that have it so. */
  Set<String> modules();

  /** The digest of what is run in their place, and finds its library in its files. */
  String rest();

  /** Whether a module of this digest has it. */
  default boolean isIn(String sha256) {
    return modules().contains(sha256);
  }

  /**
   * A ZIP archive in the module's memory. The interpreter then finds its files in {@link
   * LanguageRuntime#packageDirectory()}.
   *
   * @param modules the digests of the modules that have it so
   * @param rest the digest of what is left of them, without custom sections
   * @param address where the archive begins
   * @param size its bytes
   * @param needed the members that stay, since the interpreter needs them whatever its search path
   *     is
   */
  record Archive(Set<String> modules, String rest, long address, int size, Set<String> needed)
      implements EmbeddedLibrary {}

  /**
   * A tree of files that the guest alone sees. The package has the interpreter without it, too,
   * which however has a directory of its own in the same place, and would not see files there.
   *
   * @param modules the digests of the modules that have it so
   * @param bare the module without it
   * @param name where in this module the name of the directory is that hides others
   * @param rest the digest of this module with {@link #OTHER_NAME} there, without custom sections
   * @param directory where the interpreter looks for its library
   * @param copy a command line that copies a directory; the directory and where to are to be added
   */
  record Tree(
      Set<String> modules, NpmFile bare, int name, String rest, String directory, List<String> copy)
      implements EmbeddedLibrary {
    /** As long as the name of the directory that hides others, and a name that nobody uses. */
    public static final String OTHER_NAME = "/...";
  }
}
