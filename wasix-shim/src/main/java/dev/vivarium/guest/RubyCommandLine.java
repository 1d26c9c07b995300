package dev.vivarium.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a person writes after {@code ruby}: switches, a program, and the program's own arguments.
 *
 * <p>The switches {@code -e -r -I -C -W -w -v --version --} and the script {@code -} mean what
 * ruby(1) says, also bundled as in {@code -we}.
 */
public final class RubyCommandLine {
  /** The script name that stands for standard input. */
  static final String STANDARD_INPUT = "-";

  /** What the program of {@code -e} is called in messages and in {@code $0}. */
  static final String INLINE = "-e";

  private final List<String> interpreterSwitches;
  private final List<String> directories;
  private final List<String> includes;
  private final List<String> features;
  private final String code;
  private final String name;
  private final List<String> arguments;
  private final boolean runsProgram;

  private RubyCommandLine(Parser parser) {
    interpreterSwitches = List.copyOf(parser.interpreterSwitches);
    directories = List.copyOf(parser.directories);
    includes = List.copyOf(parser.includes);
    features = List.copyOf(parser.features);
    code = parser.code == null ? null : parser.code.toString();
    name = parser.name;
    arguments = List.copyOf(parser.arguments);
    runsProgram = !parser.versionOnly && (name != null || !parser.version);
  }

  /**
   * Reads a command line.
   *
   * @param args without the {@code ruby} itself
   * @throws UsageException if a switch is none of the above, or lacks its operand
   */
  public static RubyCommandLine parse(List<String> args) throws UsageException {
    var parser = new Parser(args);
    parser.parse();
    return new RubyCommandLine(parser);
  }

  /** The path of the script, as it is given, if the program is one. */
  public Optional<String> script() {
    return code != null || name().equals(STANDARD_INPUT) ? Optional.empty() : Optional.of(name);
  }

  /** Switches on warnings and the version, which the interpreter itself understands. */
  List<String> interpreterSwitches() {
    return interpreterSwitches;
  }

  /** Where to change to, one after the other, before anything else. */
  List<String> directories() {
    return directories;
  }

  /** Directories to put in front of the load path. */
  List<String> includes() {
    return includes;
  }

  /** What to require before the program. */
  List<String> features() {
    return features;
  }

  /** The program's text, if the command line holds it. */
  Optional<String> code() {
    return Optional.ofNullable(code);
  }

  /** The script's path, {@link #STANDARD_INPUT} or {@link #INLINE}. */
  String name() {
    return name == null ? STANDARD_INPUT : name;
  }

  /** The program's own arguments. */
  List<String> arguments() {
    return arguments;
  }

  /** Whether there is a program to run, and not just a version to be told. */
  boolean runsProgram() {
    return runsProgram;
  }

  private static final class Parser {
    private final List<String> args;
    private int position;

    private final List<String> interpreterSwitches = new ArrayList<>();
    private final List<String> directories = new ArrayList<>();
    private final List<String> includes = new ArrayList<>();
    private final List<String> features = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private StringBuilder code;
    private String name;
    private boolean version;
    private boolean versionOnly;

    Parser(List<String> args) {
      this.args = args;
    }

    void parse() throws UsageException {
      while (position < args.size() && args.get(position).length() > 1) {
        String arg = args.get(position);
        if (!arg.startsWith("-")) {
          break;
        }
        position++;
        if (arg.equals("--")) {
          break;
        } else if (arg.equals("--version")) {
          versionOnly = true;
          interpreterSwitches.add(arg);
        } else if (arg.startsWith("--")) {
          throw unknown(arg);
        } else {
          bundle(arg);
        }
      }
      if (code != null) {
        name = INLINE;
      } else if (position < args.size()) {
        name = args.get(position++);
      }
      arguments.addAll(args.subList(position, args.size()));
    }

    /** Letters after one dash; one that takes an operand takes what is left, or the next word. */
    private void bundle(String arg) throws UsageException {
      int at = 1;
      while (at < arg.length()) {
        char letter = arg.charAt(at++);
        switch (letter) {
          case 'w' -> interpreterSwitches.add("-w");
          case 'v' -> {
            version = true;
            interpreterSwitches.add("-v");
          }
          case 'W' -> at = warnings(arg, at);
          case 'e' -> {
            code = code == null ? new StringBuilder() : code;
            code.append(operand(arg, at, "no code specified for -e")).append('\n');
            return;
          }
          case 'r' -> {
            features.add(operand(arg, at, "no library specified for -r"));
            return;
          }
          case 'I' -> {
            String paths = operand(arg, at, "no directory specified for -I");
            includes.addAll(List.of(paths.split(":")));
            return;
          }
          case 'C' -> {
            directories.add(operand(arg, at, "no directory specified for -C"));
            return;
          }
          default -> throw unknown("-" + letter);
        }
      }
    }

    /** {@code -W}, {@code -W0} to {@code -W2}, or {@code -W:category}, which ends the bundle. */
    private int warnings(String arg, int at) {
      int end = at;
      if (arg.startsWith(":", at)) {
        end = arg.length();
      } else if (at < arg.length() && Character.digit(arg.charAt(at), 10) >= 0) {
        end = at + 1;
      }
      interpreterSwitches.add("-W" + arg.substring(at, end));
      return end;
    }

    private String operand(String arg, int at, String missing) throws UsageException {
      if (at < arg.length()) {
        return arg.substring(at);
      }
      if (position == args.size()) {
        throw new UsageException("ruby: " + missing);
      }
      return args.get(position++);
    }

    private static UsageException unknown(String option) {
      return new UsageException(
          "ruby: unsupported switch "
              + option
              + " (supported: -e -r -I -C -W -w -v --version, a file, or - for standard input)");
    }
  }
}
