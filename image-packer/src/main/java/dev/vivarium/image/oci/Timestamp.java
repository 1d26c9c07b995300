package dev.vivarium.image.oci;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/** The times of RFC 3339, as configurations have them. */
final class Timestamp {
  private static final String FORM = "0000-00-00T00:00:00";
  private static final int MOST_DIGITS = 9;

  private Timestamp() {}

  /**
   * Parses a time. That of a builder is in UTC, which needs nothing of what reads all the forms of
   * the world, and takes longer to load than a box to open.
   *
   * @throws DateTimeException if it is none
   */
  static Instant parse(String text) {
    int end = text.length() - 1;
    if (!hasForm(text) || text.charAt(end) != 'Z' || !isFraction(text, end)) {
      return OffsetDateTime.parse(text).toInstant();
    }
    long day =
        LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10)).toEpochDay();
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (hour > 23 || minute > 59 || second > 59) {
      throw new DateTimeException("no time of a day: " + text);
    }
    return Instant.ofEpochSecond(
        ((day * 24 + hour) * 60 + minute) * 60 + second, nanos(text, FORM.length() + 1, end));
  }

  private static boolean hasForm(String text) {
    if (text.length() <= FORM.length()) {
      return false;
    }
    for (int i = 0; i < FORM.length(); i++) {
      char form = FORM.charAt(i);
      if (form == '0' ? !isDigit(text.charAt(i)) : text.charAt(i) != form) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is nothing between the form and an end, or a point and some digits. */
  private static boolean isFraction(String text, int end) {
    int point = FORM.length();
    boolean right = end == point || (text.charAt(point) == '.' && end > point + 1);
    for (int i = point + 1; i < end; i++) {
      right &= isDigit(text.charAt(i)) && i - point <= MOST_DIGITS;
    }
    return right;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  private static int nanos(String text, int from, int end) {
    int nanos = 0;
    for (int i = 0; i < MOST_DIGITS; i++) {
      nanos = 10 * nanos + (from + i < end ? text.charAt(from + i) - '0' : 0);
    }
    return nanos;
  }
}
