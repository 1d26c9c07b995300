package dev.vivarium.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A directory or a file of the host at a path of the guest: {@code HOST:GUEST[:OPTION,...]}.
 *
 * @param option how the person asked for it
 * @param host as given, relative to the working directory of this process
 * @param guest an absolute path
 */
record HostMapping(String option, Path host, String guest, boolean readOnly) {
  /** What Docker may be asked for about labels of the host and its caches: here nothing differs. */
  private static final Set<String> ALWAYS = Set.of("z", "Z", "cached", "delegated", "consistent");

  /** What {@code --map} is given. */
  static final class OfMap implements ITypeConverter<HostMapping> {
    @Override
    public HostMapping convert(String text) {
      return parse("--map", text);
    }
  }

  /** What {@code -v} is given. */
  static final class OfVolume implements ITypeConverter<HostMapping> {
    @Override
    public HostMapping convert(String text) {
      return parse("-v", text);
    }
  }

  /** The host's path goes to the last colon before a slash, since its name may hold others. */
  private static HostMapping parse(String option, String text) {
    int colon = text.lastIndexOf(":/");
    if (colon <= 0) {
      throw new TypeConversionException(
          "'" + text + "' is not HOST:GUEST or HOST:GUEST:ro, where GUEST begins with /");
    }
    var guest = text.substring(colon + 1);
    int end = guest.indexOf(':');
    // Taken for a part of the path, what was to be read only could be written.
    boolean readOnly = end >= 0 && isReadOnly(guest.substring(end + 1), text);
    var point = MountPoint.of(end < 0 ? guest : guest.substring(0, end), text);
    try {
      return new HostMapping(option, Path.of(text.substring(0, colon)), point, readOnly);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("'" + text + "' names nothing of the host");
    }
  }

  private static boolean isReadOnly(String options, String text) {
    boolean readOnly = false;
    for (var option : options.split(",", -1)) {
      if (!ALWAYS.contains(option)) {
        if (!option.equals("ro") && !option.equals("rw")) {
          throw new TypeConversionException(
              "'" + text + "' ends with the path, ro or rw, not with '" + option + "'");
        }
        readOnly = option.equals("ro");
      }
    }
    return readOnly;
  }

  /** As a person would give it. */
  String named() {
    return option + " " + host;
  }
}
