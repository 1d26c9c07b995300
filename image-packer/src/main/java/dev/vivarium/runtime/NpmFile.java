package dev.vivarium.runtime;

/**
 * One file of a package in the npm registry, named by exact version and pinned by its digest.
 *
 * @param packageName the package, with its scope
 * @param version its exact version
 * @param path the file's path in the package
 * @param size its length in bytes
 * @param sha256 its SHA-256, in lower-case hexadecimal
 */
record NpmFile(String packageName, String version, String path, long size, String sha256) {

  /** What npm calls the package: {@code name@version}. */
  String specifier() {
    return packageName + "@" + version;
  }

  /** The file's own name. */
  String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
