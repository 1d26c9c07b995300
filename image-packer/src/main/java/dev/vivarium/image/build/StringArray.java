package dev.vivarium.image.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The JSON form of an instruction: an array of strings. */
final class StringArray {
  private final String text;
  private final List<String> strings = new ArrayList<>();
  private int at;

  private StringArray(String text) {
    this.text = text;
  }

  /** The strings, if the text is such an array and nothing else. */
  static Optional<List<String>> parse(String text) {
    var array = new StringArray(text);
    return array.isArray() ? Optional.of(List.copyOf(array.strings)) : Optional.empty();
  }

  private boolean isArray() {
    if (!skip('[')) {
      return false;
    }
    if (!skip(']')) {
      do {
        var string = string();
        if (string == null) {
          return false;
        }
        strings.add(string);
      } while (skip(','));
      if (!skip(']')) {
        return false;
      }
    }
    return at == text.length();
  }

  /** Whether a character is next, blanks around it aside. */
  private boolean skip(char c) {
    skipBlanks();
    if (at == text.length() || text.charAt(at) != c) {
      return false;
    }
    at++;
    skipBlanks();
    return true;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** The string that is next, or null if none is. */
  private String string() {
    if (at == text.length() || text.charAt(at) != '"') {
      return null;
    }
    var string = new StringBuilder();
    for (at++; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return string.toString();
      }
      int unit = c == '\\' ? escaped() : c < ' ' ? -1 : c;
      if (unit < 0) {
        return null;
      }
      string.append((char) unit);
    }
    return null;
  }

  /** What an escape stands for, -1 if for nothing; ends at its last character. */
  private int escaped() {
    if (++at == text.length()) {
      return -1;
    }
    char c = text.charAt(at);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal();
      default -> -1;
    };
  }

  private int hexadecimal() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = ++at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        return -1;
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }
}
