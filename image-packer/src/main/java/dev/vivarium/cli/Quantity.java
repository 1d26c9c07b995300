package dev.vivarium.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Numbers with units, as people write them on a command line. */
final class Quantity {
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "b", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30, "t", 1L << 40);

  private static final Map<String, Long> NANOS =
      Map.of(
          "", 1_000_000_000L,
          "ns", 1L,
          "us", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L,
          "d", 86_400_000_000_000L);

  private Quantity() {}

  /** Bytes: {@code 8m}, {@code 8MiB}, {@code 1.5g}, {@code 1048576}. Units are powers of 1024. */
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      int end = numberEnd(text);
      var unit = text.substring(end).toLowerCase(Locale.ROOT);
      return scaled(text, end, BYTES.get(letter(unit)), "a size such as 512k, 8m or 1GiB");
    }

    /** The letter of {@code m}, {@code mb} and {@code mib}. */
    private static String letter(String unit) {
      return (unit.length() == 2 && unit.endsWith("b"))
              || (unit.length() == 3 && unit.endsWith("ib"))
          ? unit.substring(0, 1).replace('b', '?')
          : unit;
    }
  }

  /** A whole number. */
  static final class Count implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      boolean whole = text.chars().allMatch(c -> isDigit((char) c));
      return scaled(text, text.length(), whole ? 1L : null, "a whole number");
    }
  }

  /**
   * A length of time: {@code 2s}, {@code 500ms}, {@code 1.5m}, {@code 1h}; seconds without a unit.
   */
  static final class Time implements ITypeConverter<Duration> {
    private static final String EXPECTED = "a time above 0 such as 500ms, 2s, 1m or 1h";

    @Override
    public Duration convert(String text) {
      int end = numberEnd(text);
      var unit = text.substring(end).toLowerCase(Locale.ROOT);
      long nanos = scaled(text, end, NANOS.get(unit), EXPECTED);
      if (nanos == 0) {
        throw new TypeConversionException("'" + text + "' is not " + EXPECTED);
      }
      return Duration.ofNanos(nanos);
    }
  }

  /** Bytes for people, in powers of 1000 as Docker has them: {@code 512 B}, {@code 9.8 MB}. */
  static String bytes(long count) {
    if (count < 1000) {
      return count + " B";
    }
    double value = count;
    int unit = -1;
    while (value >= 1000 && unit < 3) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %cB", value, "kMGT".charAt(unit));
  }

  private static int numberEnd(String text) {
    int end = 0;
    while (end < text.length() && (isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    return end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static long scaled(String text, int end, Long unit, String expected) {
    try {
      if (unit != null && end <= 20) {
        // Down to whole units: a limit is not to be above what was asked for.
        return new BigDecimal(text.substring(0, end))
            .multiply(BigDecimal.valueOf(unit))
            .toBigInteger()
            .longValueExact();
      }
    } catch (NumberFormatException e) {
      // No number at all.
    } catch (ArithmeticException e) {
      throw new TypeConversionException("'" + text + "' is too large");
    }
    throw new TypeConversionException("'" + text + "' is not " + expected);
  }
}
