package dev.vivarium.cli;

import picocli.CommandLine.TypeConversionException;

/** Where in the guest's tree something of another appears. */
final class MountPoint {

  private MountPoint() {}

  /**
   * The path in the form in which it is compared with others.
   *
   * @param text what it is a part of, as a person gave it
   * @throws TypeConversionException if it is relative, the root, or leads back up
   */
  static String of(String path, String text) {
    if (!path.startsWith("/")) {
      throw new TypeConversionException("'" + text + "': a path of the guest begins with /");
    }
    var plain = path.replaceAll("/+", "/").replaceAll("(?<=.)/$", "");
    if (plain.equals("/")) {
      throw new TypeConversionException(
          "'" + text + "' would replace the guest's root, which only --root does");
    }
    if ((plain + "/").contains("/../") || (plain + "/").contains("/./")) {
      throw new TypeConversionException("'" + text + "' has . or .. in the guest's path");
    }
    return plain;
  }
}
