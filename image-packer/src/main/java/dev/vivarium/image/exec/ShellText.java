package dev.vivarium.image.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The part of a shell's language that needs no shell: words, quotes, {@code $NAME} and {@code
 * ${NAME}}, and {@code &&} between commands. A box of an interpreter has no shell.
 */
public final class ShellText {
  private static final String SYNTAX = ";|&<>()`*?[]{}~!\n";

  private final String text;
  private final UnaryOperator<String> variables;
  private final List<List<String>> commands = new ArrayList<>();
  private List<String> command = new ArrayList<>();
  private StringBuilder word;
  private int at;

  private ShellText(String text, UnaryOperator<String> variables) {
    this.text = text;
    this.variables = variables;
  }

  /**
   * The commands of a text, each of which is to be run if the one before it has succeeded.
   *
   * @param variables the value of a variable, or null if it is not set
   * @throws ExecException 127, as without a shell, if the text uses more of the language
   */
  public static List<List<String>> parse(String text, UnaryOperator<String> variables)
      throws ExecException {
    return new ShellText(text.strip(), variables).parse();
  }

  private List<List<String>> parse() throws ExecException {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || c == '\r') {
        at++;
        endWord();
      } else if (c == '#' && word == null) {
        break;
      } else if (text.startsWith("&&", at)) {
        at += 2;
        endCommand();
      } else {
        append(c);
      }
    }
    endCommand();
    return commands;
  }

  private void append(char c) throws ExecException {
    if (SYNTAX.indexOf(c) >= 0) {
      throw needed(c == '\n' ? "a second line" : "'" + c + "'");
    }
    at++;
    switch (c) {
      case '\'' -> {
        int end = text.indexOf('\'', at);
        if (end < 0) {
          throw needed("a ' that nothing ends");
        }
        word().append(text, at, end);
        at = end + 1;
      }
      case '"' -> appendQuoted();
      case '\\' -> {
        if (at < text.length()) {
          word().append(text.charAt(at++));
        }
      }
      case '$' -> appendUnquoted(variable());
      default -> word().append(c);
    }
  }

  private void appendQuoted() throws ExecException {
    var quoted = word();
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case '"' -> {
          return;
        }
        case '$' -> quoted.append(variable());
        case '`' -> throw needed("'`'");
        case '\\' -> {
          boolean special = at < text.length() && "$`\"\\".indexOf(text.charAt(at)) >= 0;
          quoted.append(special ? text.charAt(at++) : c);
        }
        default -> quoted.append(c);
      }
    }
    throw needed("a \" that nothing ends");
  }

  /** A value, which a shell splits at blanks where it is not quoted. */
  private void appendUnquoted(String value) {
    for (char c : value.toCharArray()) {
      if (c == ' ' || c == '\t' || c == '\n') {
        endWord();
      } else {
        word().append(c);
      }
    }
  }

  private String variable() throws ExecException {
    boolean braced = at < text.length() && text.charAt(at) == '{';
    int from = braced ? at + 1 : at;
    int end = from;
    while (end < text.length() && isNamePart(text.charAt(end), end == from)) {
      end++;
    }
    if (end == from) {
      if (braced || (at < text.length() && "(@*#?$!-0123456789".indexOf(text.charAt(at)) >= 0)) {
        throw needed("'$" + text.charAt(at) + "'");
      }
      return "$";
    }
    if (braced && (end == text.length() || text.charAt(end) != '}')) {
      throw needed("a modifier in ${" + text.substring(from, end));
    }
    at = braced ? end + 1 : end;
    var value = variables.apply(text.substring(from, end));
    return value == null ? "" : value;
  }

  private static boolean isNamePart(char c, boolean first) {
    return c == '_'
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (!first && c >= '0' && c <= '9');
  }

  private StringBuilder word() {
    if (word == null) {
      word = new StringBuilder();
    }
    return word;
  }

  private void endWord() {
    if (word != null) {
      command.add(word.toString());
      word = null;
    }
  }

  private void endCommand() throws ExecException {
    endWord();
    if (!command.isEmpty() && command.get(0).equals("exec")) {
      command.remove(0);
    }
    if (command.isEmpty()) {
      throw needed("an empty command");
    }
    if (command.get(0).matches("(?s)[A-Za-z_][A-Za-z0-9_]*=.*")) {
      throw needed("a variable that is set");
    }
    commands.add(List.copyOf(command));
    command = new ArrayList<>();
  }

  private ExecException needed(String what) {
    return ExecException.notFound(
        what + " needs a shell, and the box has none; use the JSON form, or a script: " + text);
  }
}
