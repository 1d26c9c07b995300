package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;

/**
 * Writes what {@link JsonReader} reads, in the order in which it was put together. The same always
 * makes the same bytes, since they name boxes.
 */
final class JsonWriter {
  private final StringBuilder text = new StringBuilder();

  /** What each line begins with, a break in front; null if all is one line. */
  private String line;

  private JsonWriter(String line) {
    this.line = line;
  }

  /** The bytes of an object, compact. */
  static byte[] bytes(Map<String, ?> object) {
    var writer = new JsonWriter(null);
    writer.value(object);
    return writer.text.toString().getBytes(UTF_8);
  }

  /** An object in indented lines, for people. */
  static String lines(Map<String, ?> object) {
    var writer = new JsonWriter("\n");
    writer.value(object);
    return writer.text.toString();
  }

  /** Puts a text, a list or a map into an object, unless it is empty. */
  static void put(Map<String, Object> object, String name, Object value) {
    if (!value.equals("") && !value.equals(List.of()) && !value.equals(Map.of())) {
      object.put(name, value);
    }
  }

  private void value(Object value) {
    if (value instanceof Map<?, ?> object) {
      object(object);
    } else if (value instanceof List<?> array) {
      array(array);
    } else if (value instanceof String string) {
      string(string);
    } else {
      text.append(value);
    }
  }

  private void object(Map<?, ?> object) {
    begin('{');
    int left = object.size();
    for (var member : object.entrySet()) {
      newLine();
      string((String) member.getKey());
      text.append(line == null ? ":" : ": ");
      value(member.getValue());
      text.append(--left > 0 ? "," : "");
    }
    end('}', object.isEmpty());
  }

  private void array(List<?> array) {
    begin('[');
    int left = array.size();
    for (var element : array) {
      newLine();
      value(element);
      text.append(--left > 0 ? "," : "");
    }
    end(']', array.isEmpty());
  }

  private void newLine() {
    if (line != null) {
      text.append(line);
    }
  }

  private void begin(char bracket) {
    text.append(bracket);
    if (line != null) {
      line += "  ";
    }
  }

  private void end(char bracket, boolean empty) {
    if (line != null) {
      line = line.substring(0, line.length() - 2);
      text.append(empty ? "" : line);
    }
    text.append(bracket);
  }

  private void string(String string) {
    text.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      int index = "\"\\\b\f\n\r\t".indexOf(c);
      if (index >= 0) {
        text.append('\\').append("\"\\bfnrt".charAt(index));
      } else if (c < ' ' || c == '\u2028' || c == '\u2029') {
        // The last two break lines in the scripts that some paste it into.
        text.append("\\u").append(String.format("%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
