package dev.vivarium.image.oci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON as RFC 8259 has it and nothing beyond, into maps, lists, texts, numbers, truth values
 * and null. Of members with one name the last counts.
 *
 * <p>A class of our own, since those of a library take longer to load than a box to open.
 */
final class JsonReader {
  /** How deep arrays and objects are nested, at most: each level takes some of the stack. */
  private static final int MOST_DEPTH = 255;

  private final String what;
  private final char[] text;
  private int at;
  private int depth;

  private JsonReader(String what, String text) {
    this.what = what;
    this.text = text.toCharArray();
  }

  /**
   * Reads one object.
   *
   * @param what names it in messages
   * @throws BoxFormatException if it is none
   */
  static Map<String, Object> read(String what, String text) throws BoxFormatException {
    var reader = new JsonReader(what, text);
    if (reader.peek() != '{') {
      throw new BoxFormatException("the " + what + " is not one object of JSON");
    }
    var object = reader.object();
    reader.skipSpace();
    reader.require(reader.at == reader.text.length);
    return object;
  }

  private void require(boolean right) throws BoxFormatException {
    if (!right) {
      throw new BoxFormatException("the " + what + " is no JSON");
    }
  }

  private void skipSpace() {
    while (at < text.length && " \t\n\r".indexOf(text[at]) >= 0) {
      at++;
    }
  }

  /** What comes next behind space; 0 at the end. */
  private char peek() {
    skipSpace();
    return at < text.length ? text[at] : 0;
  }

  /** Goes behind what comes next, if it is this. */
  private boolean skip(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  private Object value() throws BoxFormatException {
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> literal("true", Boolean.TRUE);
      case 'f' -> literal("false", Boolean.FALSE);
      case 'n' -> literal("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object() throws BoxFormatException {
    var object = new LinkedHashMap<String, Object>();
    enter();
    if (!skip('}')) {
      do {
        require(peek() == '"');
        var name = string();
        require(skip(':'));
        object.put(name, value());
      } while (skip(','));
      require(skip('}'));
    }
    depth--;
    return object;
  }

  private List<Object> array() throws BoxFormatException {
    var array = new ArrayList<>();
    enter();
    if (!skip(']')) {
      do {
        array.add(value());
      } while (skip(','));
      require(skip(']'));
    }
    depth--;
    return array;
  }

  private void enter() throws BoxFormatException {
    require(++depth <= MOST_DEPTH);
    at++;
  }

  private Object literal(String word, Object value) throws BoxFormatException {
    for (int i = 0; i < word.length(); i++) {
      require(at < text.length && text[at] == word.charAt(i));
      at++;
    }
    return value;
  }

  // ---- numbers --------------------------------------------------------------------------------

  /** A {@link Long} if it is a whole number of that range, else a {@link Double} near it. */
  private Number number() throws BoxFormatException {
    int start = at;
    skipOne("-");
    if (!skipOne("0")) {
      digits();
    }
    boolean whole = true;
    if (skipOne(".")) {
      digits();
      whole = false;
    }
    if (skipOne("eE")) {
      skipOne("+-");
      digits();
      whole = false;
    }
    var number = new String(text, start, at - start);
    if (whole) {
      try {
        return Long.parseLong(number);
      } catch (NumberFormatException e) {
        // It has the form of one, and so is too great.
      }
    }
    double near = Double.parseDouble(number);
    require(!Double.isInfinite(near));
    return near;
  }

  private boolean skipOne(String characters) {
    if (at == text.length || characters.indexOf(text[at]) < 0) {
      return false;
    }
    at++;
    return true;
  }

  private void digits() throws BoxFormatException {
    require(skipOne("0123456789"));
    while (skipOne("0123456789")) {
      // As many as there are.
    }
  }

  // ---- strings --------------------------------------------------------------------------------

  private String string() throws BoxFormatException {
    at++;
    StringBuilder before = null;
    while (true) {
      int start = at;
      while (at < text.length && text[at] != '"' && text[at] != '\\' && text[at] >= ' ') {
        at++;
      }
      int length = at - start;
      if (skipOne("\"")) {
        return before == null
            ? new String(text, start, length)
            : before.append(text, start, length).toString();
      }
      require(skipOne("\\"));
      before = before == null ? new StringBuilder() : before;
      before.append(text, start, length).append(escaped());
    }
  }

  /** The character that is written behind a backslash. */
  private char escaped() throws BoxFormatException {
    require(at < text.length);
    char c = text[at++];
    if (c == 'u') {
      return unicode();
    }
    int index = "\"\\/bfnrt".indexOf(c);
    require(index >= 0);
    return "\"\\/\b\f\n\r\t".charAt(index);
  }

  private char unicode() throws BoxFormatException {
    require(text.length - at >= 4);
    int unit = 0;
    for (int end = at + 4; at < end; at++) {
      char c = text[at];
      // Only ASCII: Character.digit takes the digits of all scripts.
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      require(digit >= 0);
      unit = unit << 4 | digit;
    }
    return (char) unit;
  }
}
