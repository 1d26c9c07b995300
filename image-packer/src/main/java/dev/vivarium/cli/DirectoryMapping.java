package dev.vivarium.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A directory of the host at a path of the guest: {@code HOST:GUEST[:ro]}.
 *
 * @param host as given, relative to the working directory of this process
 * @param guest an absolute path
 */
record DirectoryMapping(Path host, String guest, boolean readOnly) {

  /** Reads from the right, since a host's name may hold a colon. */
  static final class Converter implements ITypeConverter<DirectoryMapping> {
    @Override
    public DirectoryMapping convert(String text) {
      boolean readOnly = text.endsWith(":ro");
      var rest = readOnly || text.endsWith(":rw") ? text.substring(0, text.length() - 3) : text;
      int colon = rest.lastIndexOf(":/");
      if (colon <= 0) {
        throw new TypeConversionException(
            "'" + text + "' is not HOST:GUEST or HOST:GUEST:ro, where GUEST begins with /");
      }
      var guest = rest.substring(colon + 1).replaceAll("/+", "/").replaceAll("(?<=.)/$", "");
      if (guest.equals("/")) {
        throw new TypeConversionException(
            "'" + text + "' would replace the guest's root; pack the directory and use --root");
      }
      if (("/" + guest + "/").contains("/../") || (guest + "/").contains("/./")) {
        throw new TypeConversionException("'" + text + "' has . or .. in the guest's path");
      }
      try {
        return new DirectoryMapping(Path.of(rest.substring(0, colon)), guest, readOnly);
      } catch (InvalidPathException e) {
        throw new TypeConversionException("'" + text + "' names no directory of the host");
      }
    }
  }
}
