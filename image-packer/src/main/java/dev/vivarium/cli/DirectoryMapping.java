package dev.vivarium.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A directory of the host at a path of the guest: {@code HOST:GUEST[:ro]}.
 *
 * @param option how the person asked for it
 * @param host as given, relative to the working directory of this process
 * @param guest an absolute path
 */
record DirectoryMapping(String option, Path host, String guest, boolean readOnly) {

  /** What {@code --map} is given. */
  static final class OfMap implements ITypeConverter<DirectoryMapping> {
    @Override
    public DirectoryMapping convert(String text) {
      return parse("--map", text);
    }
  }

  /** What {@code -v} is given. */
  static final class OfVolume implements ITypeConverter<DirectoryMapping> {
    @Override
    public DirectoryMapping convert(String text) {
      return parse("-v", text);
    }
  }

  /** Reads from the right, since a host's name may hold a colon. */
  private static DirectoryMapping parse(String option, String text) {
    boolean readOnly = text.endsWith(":ro");
    var rest = readOnly || text.endsWith(":rw") ? text.substring(0, text.length() - 3) : text;
    int colon = rest.lastIndexOf(":/");
    if (colon <= 0) {
      throw new TypeConversionException(
          "'" + text + "' is not HOST:GUEST or HOST:GUEST:ro, where GUEST begins with /");
    }
    int options = rest.indexOf(':', colon + 1);
    if (options >= 0) {
      // Taken for a part of the path, what was to be read only could be written.
      throw new TypeConversionException(
          "'"
              + text
              + "' ends with ro, rw or the path, not with '"
              + rest.substring(options)
              + "'");
    }
    var guest = MountPoint.of(rest.substring(colon + 1), text);
    try {
      return new DirectoryMapping(option, Path.of(rest.substring(0, colon)), guest, readOnly);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'" + text + "' names no directory of the host");
    }
  }

  /** As a person would give it. */
  String named() {
    return option + " " + host;
  }
}
