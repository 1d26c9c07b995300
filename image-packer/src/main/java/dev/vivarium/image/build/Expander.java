package dev.vivarium.image.build;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Takes quotes and escapes out of a text and puts the values of variables in, as Docker's reference
 * has it: {@code $x}, {@code ${x}}, and the modifiers {@code :- - :+ + :? ? # ## % %% / //}.
 */
final class Expander {
  /** The most characters that a word may become, and so the most that a pattern is applied to. */
  static final int LONGEST_WORD = 1 << 16;

  private static final int DEEPEST = 32;
  private static final String SPECIAL = "@*#?-$!";

  private final LogicalLine line;
  private final String text;
  private final UnaryOperator<String> variables;
  private final boolean keepsQuotes;
  private final int longest;
  private final List<String> fields = new ArrayList<>();
  private int at;
  private int depth;
  private boolean inField;

  private Expander(
      LogicalLine line, String text, UnaryOperator<String> variables, boolean keepsQuotes) {
    this.line = line;
    this.text = text;
    this.variables = variables;
    this.keepsQuotes = keepsQuotes;
    this.longest = keepsQuotes ? LineReader.MOST_BYTES : LONGEST_WORD;
  }

  /**
   * One word, whatever blanks are in it.
   *
   * @param line where the text is
   * @param variables the value of a variable, or null if it is not set
   */
  static String expand(LogicalLine line, String text, UnaryOperator<String> variables)
      throws DockerfileException {
    return new Expander(line, text, variables, false).until("", false);
  }

  /** Text in which only variables and escaped dollars are special: a here-document. */
  static String expandText(LogicalLine line, String text, UnaryOperator<String> variables)
      throws DockerfileException {
    return new Expander(line, text, variables, true).until("", false);
  }

  /**
   * The words that a text becomes: what blanks separate, those in the values of unquoted variables
   * too.
   */
  static List<String> split(LogicalLine line, String text, UnaryOperator<String> variables)
      throws DockerfileException {
    var expander = new Expander(line, text, variables, false);
    expander.splitFields();
    return expander.fields;
  }

  private void splitFields() throws DockerfileException {
    var field = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t') {
        at++;
        endField(field);
      } else if (c == '$') {
        for (char v : dollar().toCharArray()) {
          if (v == ' ' || v == '\t' || v == '\n') {
            endField(field);
          } else {
            add(field, v);
          }
        }
      } else {
        inField = true;
        add(field, one(false));
      }
    }
    endField(field);
  }

  private void endField(StringBuilder field) {
    if (inField || field.length() > 0) {
      fields.add(field.toString());
      field.setLength(0);
      inField = false;
    }
  }

  /**
   * What comes before any of the given characters, or the end if there are none.
   *
   * @param raw whether escapes stay, since a pattern reads them
   */
  private String until(String ends, boolean raw) throws DockerfileException {
    var result = new StringBuilder();
    while (at < text.length()) {
      if (ends.indexOf(text.charAt(at)) >= 0) {
        return result.toString();
      }
      add(result, one(raw));
    }
    if (!ends.isEmpty()) {
      throw line.error("a variable without its }: " + text);
    }
    return result.toString();
  }

  /** What a character, a quoted text, or a variable becomes. */
  private String one(boolean raw) throws DockerfileException {
    char c = text.charAt(at);
    if (c == line.escape()) {
      return escaped(raw);
    }
    if (c == '$') {
      return dollar();
    }
    if (!keepsQuotes && c == '\'') {
      return singleQuoted();
    }
    if (!keepsQuotes && c == '"') {
      return doubleQuoted();
    }
    at++;
    return String.valueOf(c);
  }

  private String escaped(boolean raw) {
    at++;
    if (at == text.length()) {
      return keepsQuotes ? String.valueOf(line.escape()) : "";
    }
    char c = text.charAt(at++);
    if (raw) {
      return "\\" + c;
    }
    boolean special = !keepsQuotes || c == '$' || c == line.escape();
    return special ? String.valueOf(c) : "" + line.escape() + c;
  }

  private String singleQuoted() throws DockerfileException {
    int end = text.indexOf('\'', at + 1);
    if (end < 0) {
      throw line.error("a ' that nothing ends: " + text);
    }
    var result = text.substring(at + 1, end);
    at = end + 1;
    return result;
  }

  private String doubleQuoted() throws DockerfileException {
    at++;
    var result = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return result.toString();
      }
      if (c == '$') {
        add(result, dollar());
      } else if (c == line.escape() && at + 1 < text.length()) {
        char escaped = text.charAt(at + 1);
        if (escaped != '"' && escaped != '$' && escaped != line.escape()) {
          result.append(c);
        }
        result.append(escaped);
        at += 2;
      } else {
        result.append(c);
        at++;
      }
    }
    throw line.error("a \" that nothing ends: " + text);
  }

  private String dollar() throws DockerfileException {
    at++;
    if (at < text.length() && text.charAt(at) == '{') {
      return braced();
    }
    var name = name();
    return name.isEmpty() ? "$" : valueOf(name);
  }

  /** A name, a number, or a parameter of a shell's, which is never set here. */
  private String name() {
    int from = at;
    if (at < text.length() && SPECIAL.indexOf(text.charAt(at)) >= 0) {
      at++;
    } else if (at < text.length() && isDigit(text.charAt(at))) {
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
    } else {
      while (at < text.length() && isNamePart(text.charAt(at))) {
        at++;
      }
    }
    return text.substring(from, at);
  }

  private String braced() throws DockerfileException {
    if (++depth > DEEPEST) {
      throw line.error("variables in variables, more than " + DEEPEST + " deep");
    }
    at++;
    var name = name();
    if (name.isEmpty() || at == text.length()) {
      throw line.error("no variable's name, or no } behind it: " + text);
    }
    var value = modified(name);
    at++;
    depth--;
    return value;
  }

  /** The value of {@code ${name...}}; ends at the closing brace. */
  private String modified(String name) throws DockerfileException {
    char modifier = text.charAt(at);
    boolean colon = modifier == ':';
    if (modifier == '}') {
      return valueOf(name);
    }
    at++;
    if (colon) {
      if (at == text.length() || "-+?".indexOf(text.charAt(at)) < 0) {
        throw line.error("a : in a variable has -, + or ? behind it: " + text);
      }
      modifier = text.charAt(at++);
    }
    var value = variables.apply(name);
    boolean set = value != null && !(colon && value.isEmpty());
    switch (modifier) {
      case '-' -> {
        var word = until("}", false);
        return set ? value : word;
      }
      case '+' -> {
        var word = until("}", false);
        return set ? word : "";
      }
      case '?' -> {
        var word = until("}", false);
        if (!set) {
          throw line.error(name + (word.isEmpty() ? " is not set" : ": " + word));
        }
        return value;
      }
      case '#', '%' -> {
        return trimmed(valueOf(name), modifier);
      }
      case '/' -> {
        return replaced(valueOf(name));
      }
      default ->
          throw line.error("no modifier of a variable begins with '" + modifier + "': " + text);
    }
  }

  private String trimmed(String value, char modifier) throws DockerfileException {
    boolean longest = at < text.length() && text.charAt(at) == modifier;
    if (longest) {
      at++;
    }
    var pattern = ShellPattern.of(until("}", true));
    return modifier == '#'
        ? pattern.withoutPrefix(value, longest)
        : pattern.withoutSuffix(value, longest);
  }

  private String replaced(String value) throws DockerfileException {
    boolean all = at < text.length() && text.charAt(at) == '/';
    if (all) {
      at++;
    }
    var pattern = until("/}", true);
    var replacement = "";
    if (text.charAt(at) == '/') {
      at++;
      replacement = until("}", false);
    }
    return checked(ShellPattern.of(pattern).replace(value, replacement, all));
  }

  private String valueOf(String name) {
    var value = variables.apply(name);
    return value == null ? "" : value;
  }

  private void add(StringBuilder result, String part) throws DockerfileException {
    checked(result.append(part));
  }

  private void add(StringBuilder result, char part) throws DockerfileException {
    checked(result.append(part));
  }

  private <T extends CharSequence> T checked(T result) throws DockerfileException {
    if (result.length() > longest) {
      throw line.error("longer than " + longest + " characters, with the values of variables");
    }
    return result;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNamePart(char c) {
    return c == '_' || isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
