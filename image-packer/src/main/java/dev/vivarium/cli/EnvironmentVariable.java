package dev.vivarium.cli;

import java.util.Map;
import java.util.function.BiConsumer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A variable for the guest: {@code NAME=VALUE}, or {@code NAME} for that of the host. The host's
 * own are never taken but by name.
 *
 * @param value null for the host's
 */
record EnvironmentVariable(String name, String value) {

  /** Gives it to whom it is for; nothing if it is to be the host's, and the host has none. */
  void giveTo(BiConsumer<String, String> taker, Map<String, String> host) {
    var given = value == null ? host.get(name) : value;
    if (given != null) {
      taker.accept(name, given);
    }
  }

  /** Splits at the first equals sign. */
  static final class Converter implements ITypeConverter<EnvironmentVariable> {
    @Override
    public EnvironmentVariable convert(String text) {
      int equals = text.indexOf('=');
      if (equals == 0 || text.isEmpty()) {
        throw new TypeConversionException("'" + text + "' is neither NAME=VALUE nor NAME");
      }
      return equals < 0
          ? new EnvironmentVariable(text, null)
          : new EnvironmentVariable(text.substring(0, equals), text.substring(equals + 1));
    }
  }
}
