package dev.vivarium.image.build;

import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of a variable's modifier: {@code *} is any text, {@code ?} any character, and a
 * backslash takes what follows as it is.
 *
 * <p>Matching goes from left to right, one literal after the other, and never back: where a
 * literal's first occurrence leads nowhere, a later one does not either.
 */
final class ShellPattern {
  /** Stands for a question mark: no text holds it. */
  private static final char ANY = '\0';

  private final List<String> literals;

  private ShellPattern(List<String> literals) {
    this.literals = literals;
  }

  /** A pattern as it is written. */
  static ShellPattern of(String text) {
    var literals = new ArrayList<String>();
    var literal = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '*') {
        literals.add(literal.toString());
        literal.setLength(0);
      } else if (c == '\\' && at + 1 < text.length()) {
        literal.append(text.charAt(++at));
      } else {
        literal.append(c == '?' ? ANY : c);
      }
    }
    literals.add(literal.toString());
    return new ShellPattern(literals);
  }

  /** The value without what the pattern matches at its beginning. */
  String withoutPrefix(String value, boolean longest) {
    int end = end(value, 0, longest);
    return end < 0 ? value : value.substring(end);
  }

  /** The value without what the pattern matches at its end. */
  String withoutSuffix(String value, boolean longest) {
    var mirrored = new ArrayList<String>();
    literals.forEach(literal -> mirrored.add(0, reversed(literal)));
    return reversed(new ShellPattern(mirrored).withoutPrefix(reversed(value), longest));
  }

  /** The value with another text for its first match, or for each; matches are the longest. */
  String replace(String value, String replacement, boolean all) {
    var result = new StringBuilder();
    int at = 0;
    while (at < value.length()) {
      int start = find(value, at, literals.get(0));
      int end = start < 0 ? -1 : end(value, start, true);
      if (end < 0) {
        break;
      }
      result.append(value, at, start).append(replacement);
      if (end == start) {
        result.append(value.charAt(end++));
      }
      at = end;
      if (!all) {
        break;
      }
    }
    return result.append(value, Math.min(at, value.length()), value.length()).toString();
  }

  /** Where a match that begins at a place ends; -1 if none does. */
  private int end(String value, int from, boolean longest) {
    if (!matches(value, from, literals.get(0))) {
      return -1;
    }
    int at = from + literals.get(0).length();
    for (int i = 1; i < literals.size(); i++) {
      var literal = literals.get(i);
      boolean last = i == literals.size() - 1;
      int start = last && longest ? findLast(value, at, literal) : find(value, at, literal);
      if (start < 0) {
        return -1;
      }
      at = start + literal.length();
    }
    return at;
  }

  private static int find(String value, int from, String literal) {
    for (int at = from; at <= value.length() - literal.length(); at++) {
      if (matches(value, at, literal)) {
        return at;
      }
    }
    return -1;
  }

  private static int findLast(String value, int from, String literal) {
    for (int at = value.length() - literal.length(); at >= from; at--) {
      if (matches(value, at, literal)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean matches(String value, int at, String literal) {
    if (at + literal.length() > value.length()) {
      return false;
    }
    for (int i = 0; i < literal.length(); i++) {
      if (literal.charAt(i) != ANY && literal.charAt(i) != value.charAt(at + i)) {
        return false;
      }
    }
    return true;
  }

  private static String reversed(String text) {
    var result = new StringBuilder(text.length());
    for (int at = text.length() - 1; at >= 0; at--) {
      result.append(text.charAt(at));
    }
    return result.toString();
  }
}
