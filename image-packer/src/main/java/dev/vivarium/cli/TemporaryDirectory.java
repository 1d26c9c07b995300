package dev.vivarium.cli;

import dev.vivarium.vfs.posix.MountOptions;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An empty directory at a path of the guest: {@code DIR[:OPTION,...]}, with options of {@code
 * tmpfs} as Docker takes them.
 *
 * @param guest an absolute path
 * @param mode the directory's permissions
 */
record TemporaryDirectory(String guest, MountOptions options, int mode) {
  private static final int STICKY_FOR_ALL = 01777;

  /** Reads one. */
  static final class Converter implements ITypeConverter<TemporaryDirectory> {
    @Override
    public TemporaryDirectory convert(String text) {
      int colon = text.indexOf(':');
      var path = colon < 0 ? text : text.substring(0, colon);
      var made =
          new TemporaryDirectory(MountPoint.of(path, text), MountOptions.DEFAULT, STICKY_FOR_ALL);
      if (colon >= 0) {
        for (var option : text.substring(colon + 1).split(",", -1)) {
          made = made.with(option);
        }
      }
      return made;
    }
  }

  private TemporaryDirectory with(String option) {
    int equals = option.indexOf('=');
    var name = equals < 0 ? option : option.substring(0, equals + 1);
    var value = option.substring(name.length());
    return switch (name) {
      case "ro" -> with(options.withReadOnly(true));
      case "rw" -> with(options.withReadOnly(false));
      case "noexec" -> with(options.withNoExec(true));
      case "exec" -> with(options.withNoExec(false));
      case "nosuid" -> with(options.withNoSuid(true));
      case "nodev" -> this;
      case "size=" -> with(options.withBytes(size(value)));
      case "mode=" -> new TemporaryDirectory(guest, options, mode(value));
      default ->
          throw new TypeConversionException(
              "'"
                  + option
                  + "' is none of the options size=, mode=, ro, rw, noexec, exec, nosuid and nodev");
    };
  }

  private TemporaryDirectory with(MountOptions changed) {
    return new TemporaryDirectory(guest, changed, mode);
  }

  /** As for Linux, 0 is no limit of its own. */
  private static long size(String text) {
    long bytes = new Quantity.Size().convert(text);
    return bytes == 0 ? MountOptions.AS_QUOTA : bytes;
  }

  private static int mode(String text) {
    if (!text.matches("[0-7]{1,5}") || Integer.parseInt(text, 8) > 07777) {
      throw new TypeConversionException("'" + text + "' is no mode, which is octal: 1777");
    }
    return Integer.parseInt(text, 8);
  }
}
