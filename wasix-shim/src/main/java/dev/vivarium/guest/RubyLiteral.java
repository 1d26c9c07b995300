package dev.vivarium.guest;

import java.util.Collection;
import java.util.stream.Collectors;

/** Values as Ruby source text, in ASCII and without NUL, so that no encoding can spoil them. */
final class RubyLiteral {
  private RubyLiteral() {}

  /** A string literal that evaluates to the text, in UTF-8. */
  static String string(String text) {
    var literal = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(c -> appendEscaped(literal, c));
    return literal.append('"').toString();
  }

  /** An array literal of string literals. */
  static String array(Collection<String> texts) {
    return texts.stream().map(RubyLiteral::string).collect(Collectors.joining(", ", "[", "]"));
  }

  private static void appendEscaped(StringBuilder literal, int c) {
    if (c == '"' || c == '\\' || c == '#') {
      literal.append('\\').append((char) c);
    } else if (c >= ' ' && c < 0x7f) {
      literal.append((char) c);
    } else {
      // Half a surrogate pair is no character, and Ruby refuses to name it.
      int character = c >= 0xd800 && c <= 0xdfff ? 0xfffd : c;
      literal.append("\\u{").append(Integer.toHexString(character)).append('}');
    }
  }
}
