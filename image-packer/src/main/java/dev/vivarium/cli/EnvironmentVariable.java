package dev.vivarium.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A variable for the guest: {@code NAME=VALUE}. The host's own value is never taken. */
record EnvironmentVariable(String name, String value) {

  /** Splits at the first equals sign. */
  static final class Converter implements ITypeConverter<EnvironmentVariable> {
    @Override
    public EnvironmentVariable convert(String text) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new TypeConversionException("'" + text + "' is not NAME=VALUE");
      }
      return new EnvironmentVariable(text.substring(0, equals), text.substring(equals + 1));
    }
  }
}
