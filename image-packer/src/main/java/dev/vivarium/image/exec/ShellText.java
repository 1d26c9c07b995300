package dev.vivarium.image.exec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The part of a shell's language that needs no shell: words, quotes, {@code $NAME} and {@code
 * ${NAME}}, variables for one command, {@code cd}, what {@code set} says of errors, and {@code &&}
 * or the end of a line between commands. A box of an interpreter has no shell.
 */
public final class ShellText {
  private static final String SYNTAX = ";|&<>()`*?[]{}~!";
  private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=");
  private static final Pattern OPTIONS = Pattern.compile("[-+][euxo]+");

  /** Those of POSIX and of bash that are a command's first word, but for those known here. */
  private static final Set<String> BUILTINS =
      Set.of(
          (". : alias bg bind break builtin caller case command compgen complete continue declare"
                  + " dirs disown do done echo elif else enable esac eval exit export false fc fg fi"
                  + " for function getopts hash help history if jobs kill let local logout mapfile"
                  + " popd printf pushd pwd read readarray readonly return select shift shopt source"
                  + " suspend test then time times trap true type typeset ulimit umask unalias unset"
                  + " until wait while")
              .split(" "));

  private static final String NEEDS_A_SHELL =
      " needs a shell, and the box has none; use the JSON form, or a script: ";

  private final String text;
  private final UnaryOperator<String> variables;
  private final List<Command> commands = new ArrayList<>();
  private String directory = "";
  private Map<String, String> assigned = new LinkedHashMap<>();
  private List<String> words = new ArrayList<>();
  private String assignedName;
  private StringBuilder word;
  private boolean named;
  private boolean chained;
  private boolean unsetIsError;
  private int at;

  /**
   * One of the commands of a text.
   *
   * @param directory where it runs, from where the first one does; empty if there
   * @param variables what it finds in its environment beside what is there
   * @param words its name and arguments; none for a {@code cd}, which fails if the directory is not
   *     there
   */
  public record Command(String directory, Map<String, String> variables, List<String> words) {

    /** A command where the first one runs. */
    public static Command of(List<String> words) {
      return new Command("", Map.of(), words);
    }

    private boolean isPlain() {
      return directory.isEmpty() && variables.isEmpty();
    }
  }

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
  public static List<Command> parse(String text, UnaryOperator<String> variables)
      throws ExecException {
    return new ShellText(text.strip(), variables).parse();
  }

  /**
   * The words of a text that is a single command, and only that.
   *
   * @param variables as for {@link #parse}
   * @throws ExecException 127, as without a shell, if it is more
   */
  public static List<String> words(String text, UnaryOperator<String> variables)
      throws ExecException {
    var parsed = new ShellText(text.strip(), variables);
    var commands = parsed.parse();
    if (commands.size() != 1) {
      throw parsed.needed("a second command");
    }
    if (!commands.get(0).isPlain()) {
      throw parsed.needed("a variable or a directory that is set");
    }
    return commands.get(0).words();
  }

  /**
   * Why a command cannot be run of whose name the box has no program: only a shell knows it.
   * Nothing if a shell would not know it either.
   */
  public static Optional<String> ofShell(List<String> words) {
    return BUILTINS.contains(words.get(0))
        ? Optional.of("'" + words.get(0) + "'" + NEEDS_A_SHELL + String.join(" ", words))
        : Optional.empty();
  }

  private List<Command> parse() throws ExecException {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || c == '\r') {
        at++;
        endWord();
      } else if (c == '\n') {
        endLine();
        at++;
      } else if (c == '#' && word == null) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("&&", at)) {
        endWord();
        endCommand();
        at += 2;
        chained = true;
      } else if (!beginsAssignment()) {
        append(c);
      }
    }
    endLine();
    if (chained || commands.isEmpty()) {
      throw needed("an empty command");
    }
    return commands;
  }

  /** Goes to the value, if a name and an equals sign are next, before the command's own words. */
  private boolean beginsAssignment() {
    var assignment = ASSIGNMENT.matcher(text).region(at, text.length());
    if (named || assignedName != null || !assignment.lookingAt()) {
      return false;
    }
    assignedName = assignment.group(1);
    at = assignment.end();
    word();
    return true;
  }

  private void append(char c) throws ExecException {
    if (SYNTAX.indexOf(c) >= 0) {
      throw needed("'" + c + "'");
    }
    at++;
    named |= assignedName == null;
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
        if (!isAtLineEnd() && at < text.length()) {
          word().append(text.charAt(at));
        }
        at++;
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
          if (isAtLineEnd()) {
            at++;
            continue;
          }
          boolean special = at < text.length() && "$`\"\\".indexOf(text.charAt(at)) >= 0;
          quoted.append(special ? text.charAt(at++) : c);
        }
        default -> quoted.append(c);
      }
    }
    throw needed("a \" that nothing ends");
  }

  /**
   * Whether an escape is followed by the end of a line: both are then as if they were not there.
   */
  private boolean isAtLineEnd() {
    return at < text.length() && text.charAt(at) == '\n';
  }

  /** A value, which a shell splits at blanks where it is neither quoted nor assigned. */
  private void appendUnquoted(String value) {
    for (char c : value.toCharArray()) {
      if (assignedName == null && (c == ' ' || c == '\t' || c == '\n')) {
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
    var name = text.substring(from, end);
    var value = variables.apply(name);
    if (value == null && unsetIsError) {
      throw ExecException.notFound(name + " is not set, which 'set -u' makes an error: " + line());
    }
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
    if (assignedName != null) {
      assigned.put(assignedName, word.toString());
      assignedName = null;
    } else if (word != null) {
      words.add(word.toString());
    }
    word = null;
  }

  /** A line may be empty, or end behind an {@code &&}: the command is then on another. */
  private void endLine() throws ExecException {
    endWord();
    if (!words.isEmpty() || !assigned.isEmpty()) {
      endCommand();
    }
  }

  private void endCommand() throws ExecException {
    if (words.isEmpty() && !assigned.isEmpty()) {
      throw needed("a variable that is set for no command");
    }
    if (!words.isEmpty() && words.get(0).equals("exec")) {
      words.remove(0);
    }
    if (words.isEmpty()) {
      throw needed("an empty command");
    }
    if (words.get(0).equals("set")) {
      set();
    } else {
      if (words.get(0).equals("cd")) {
        changeDirectory();
      }
      commands.add(
          new Command(directory, Collections.unmodifiableMap(assigned), List.copyOf(words)));
    }
    assigned = new LinkedHashMap<>();
    words = new ArrayList<>();
    named = false;
    chained = false;
  }

  /**
   * All commands end at the first that fails, there is no pipe, and what is run is shown by others:
   * so all that may change is what becomes of a variable that is not set.
   */
  private void set() throws ExecException {
    if (words.size() == 1) {
      throw needed("set without an option");
    }
    if (!assigned.isEmpty()) {
      throw needed("a variable that is set for no command");
    }
    var arguments = words.subList(1, words.size()).iterator();
    while (arguments.hasNext()) {
      var option = arguments.next();
      if (!OPTIONS.matcher(option).matches()) {
        throw needed("'set " + option + "'");
      }
      boolean on = option.charAt(0) == '-';
      for (char letter : option.substring(1).toCharArray()) {
        var name = letter != 'o' ? letter + "" : arguments.hasNext() ? arguments.next() : "";
        switch (name) {
          case "u", "nounset" -> unsetIsError = on;
          case "x", "xtrace", "pipefail" -> {}
          default -> {
            if (!on || !(name.equals("e") || name.equals("errexit"))) {
              throw needed("'set " + option + (letter == 'o' ? " " + name : "") + "'");
            }
          }
        }
      }
    }
  }

  private void changeDirectory() throws ExecException {
    var operand = words.size() == 2 ? words.get(1) : "";
    if (operand.isEmpty() || operand.startsWith("-")) {
      throw needed("cd without a directory");
    }
    directory =
        directory.isEmpty() || operand.startsWith("/") ? operand : directory + "/" + operand;
    words.clear();
  }

  /** Says with its line what cannot be done. */
  private ExecException needed(String what) {
    return ExecException.notFound(what + NEEDS_A_SHELL + line());
  }

  private String line() {
    int end = text.indexOf('\n', at);
    return text.substring(text.lastIndexOf('\n', at - 1) + 1, end < 0 ? text.length() : end);
  }
}
