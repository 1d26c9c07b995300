package dev.vivarium.runtime;

import dev.vivarium.engine.Checkpoint;
import java.util.Optional;

/**
 * One file of a package in the npm registry, named by exact version and pinned by its digest.
 *
 * @param packageName the package, with its scope
 * @param version its exact version
 * @param path the file's path in the package
 * @param size its length in bytes
 * @param sha256 its SHA-256, in lower-case hexadecimal
 * @param stripped the digest of the same module without its custom sections, if it has any that
 *     count
 * @param library the standard library that it has inside, if it can be taken out
 * @param checkpoint where in these bytes a guest can be stopped and gone on from
 */
record NpmFile(
    String packageName,
    String version,
    String path,
    long size,
    String sha256,
    Optional<String> stripped,
    Optional<EmbeddedLibrary> library,
    Optional<Checkpoint> checkpoint)
    implements Origin {

  NpmFile(String packageName, String version, String path, long size, String sha256) {
    this(
        packageName,
        version,
        path,
        size,
        sha256,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** What npm calls the package: {@code name@version}. */
  String specifier() {
    return packageName + "@" + version;
  }

  /** The file's own name. */
  String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
