package dev.vivarium.image.build;

import dev.vivarium.image.build.Instruction.Arg;
import dev.vivarium.image.build.Instruction.Cmd;
import dev.vivarium.image.build.Instruction.Copy;
import dev.vivarium.image.build.Instruction.CopyFlags;
import dev.vivarium.image.build.Instruction.Entrypoint;
import dev.vivarium.image.build.Instruction.Env;
import dev.vivarium.image.build.Instruction.Expose;
import dev.vivarium.image.build.Instruction.From;
import dev.vivarium.image.build.Instruction.HealthCheck;
import dev.vivarium.image.build.Instruction.Label;
import dev.vivarium.image.build.Instruction.Maintainer;
import dev.vivarium.image.build.Instruction.OnBuild;
import dev.vivarium.image.build.Instruction.Run;
import dev.vivarium.image.build.Instruction.Shell;
import dev.vivarium.image.build.Instruction.StopSignal;
import dev.vivarium.image.build.Instruction.User;
import dev.vivarium.image.build.Instruction.Variable;
import dev.vivarium.image.build.Instruction.Volume;
import dev.vivarium.image.build.Instruction.Workdir;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Makes an instruction of a logical line. */
final class InstructionParser {
  private static final Pattern STAGE = Pattern.compile("[a-z][a-z0-9._-]*");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final Set<String> KEYWORDS =
      Set.of(
          "ADD",
          "ARG",
          "CMD",
          "COPY",
          "ENTRYPOINT",
          "ENV",
          "EXPOSE",
          "FROM",
          "HEALTHCHECK",
          "LABEL",
          "MAINTAINER",
          "ONBUILD",
          "RUN",
          "SHELL",
          "STOPSIGNAL",
          "USER",
          "VOLUME",
          "WORKDIR");
  private static final Set<String> NO_TRIGGERS = Set.of("ONBUILD", "FROM", "MAINTAINER");

  private final LogicalLine line;
  private final Consumer<String> warnings;
  private final String name;
  private final String rest;

  private InstructionParser(LogicalLine line, Consumer<String> warnings) {
    this.line = line;
    this.warnings = warnings;
    int end = WordSplitter.end(line.text(), 0, line.escape());
    this.name = line.text().substring(0, end).toUpperCase(Locale.ROOT);
    this.rest = line.text().substring(end).strip();
  }

  /**
   * The instruction of a line.
   *
   * @param warnings told what is ignored, a line each
   */
  static Instruction parse(LogicalLine line, Consumer<String> warnings) throws DockerfileException {
    return new InstructionParser(line, warnings).parse();
  }

  /**
   * The instruction of a line as {@code ONBUILD} holds it, without that word: one instruction, and
   * no here-document, since a box has no place to keep that.
   *
   * @param warnings told what is ignored, a line each
   */
  static Instruction trigger(LogicalLine line, Consumer<String> warnings)
      throws DockerfileException {
    var parser = new InstructionParser(line, warnings);
    if (NO_TRIGGERS.contains(parser.name)) {
      throw line.error("ONBUILD takes no " + parser.name);
    }
    if (line.text().lines().count() != 1) {
      throw line.error("ONBUILD takes one instruction");
    }
    if (!LineReader.announced(line.text(), line.escape()).isEmpty()) {
      throw line.error("ONBUILD takes no here-document: a box has no place to keep it");
    }
    return parser.parse();
  }

  private Instruction parse() throws DockerfileException {
    if (!KEYWORDS.contains(name)) {
      var shown = name.length() > 40 ? name.substring(0, 40) + "..." : name;
      throw line.error("no instruction is named " + shown);
    }
    if (rest.isEmpty()) {
      throw line.error(name + " needs an argument");
    }
    return switch (name) {
      case "FROM" -> from();
      case "ARG" -> arg();
      case "ENV" -> new Env(line, pairs());
      case "LABEL" -> new Label(line, pairs());
      case "COPY", "ADD" -> copy();
      case "WORKDIR" -> new Workdir(line, rest);
      case "USER" -> new User(line, rest);
      case "RUN" -> run();
      case "ENTRYPOINT" -> new Entrypoint(line, command(rest));
      case "CMD" -> new Cmd(line, command(rest));
      case "SHELL" -> shell();
      case "EXPOSE" -> new Expose(line, rest);
      case "VOLUME" -> new Volume(line, words(rest));
      case "STOPSIGNAL" -> new StopSignal(line, rest);
      case "ONBUILD" -> onBuild();
      case "HEALTHCHECK" -> healthCheck();
      case "MAINTAINER" -> new Maintainer(line, rest);
      default -> throw new IllegalStateException(name);
    };
  }

  private From from() throws DockerfileException {
    var flags = Flags.of(line, rest);
    var platform = flags.one("platform");
    flags.requireNoMore(name);
    var words = List.of(flags.rest().split("\\s+"));
    if (words.size() == 1 && !words.get(0).isEmpty()) {
      return new From(line, words.get(0), platform, Optional.empty());
    }
    if (words.size() != 3 || !words.get(1).equalsIgnoreCase("AS")) {
      throw line.error("FROM takes one image, or: FROM image AS name");
    }
    var stage = words.get(2).toLowerCase(Locale.ROOT);
    if (!STAGE.matcher(stage).matches() || stage.equals("scratch") || stage.equals("context")) {
      throw line.error("'" + words.get(2) + "' cannot be the name of a stage");
    }
    return new From(line, words.get(0), platform, Optional.of(stage));
  }

  private Arg arg() throws DockerfileException {
    var variables = new ArrayList<Variable>();
    for (var word : WordSplitter.split(rest, line.escape())) {
      variables.add(word.indexOf('=') < 0 ? variable(word, Optional.empty()) : pair(word));
    }
    return new Arg(line, List.copyOf(variables));
  }

  /** Pairs with an equals sign each, or one key with a blank and the rest of the line behind it. */
  private List<Variable> pairs() throws DockerfileException {
    var words = WordSplitter.split(rest, line.escape());
    if (words.get(0).indexOf('=') < 0) {
      int end = WordSplitter.end(rest, 0, line.escape());
      var value = rest.substring(end).strip();
      if (value.isEmpty()) {
        throw line.error(name + " takes NAME=VALUE");
      }
      return List.of(variable(words.get(0), Optional.of(value)));
    }
    var pairs = new ArrayList<Variable>();
    for (var word : words) {
      if (word.indexOf('=') < 0) {
        throw line.error("'" + word + "' has no equals sign; " + name + " takes NAME=VALUE");
      }
      pairs.add(pair(word));
    }
    return List.copyOf(pairs);
  }

  private Variable pair(String word) throws DockerfileException {
    int equals = word.indexOf('=');
    return variable(word.substring(0, equals), Optional.of(word.substring(equals + 1)));
  }

  private Variable variable(String key, Optional<String> value) throws DockerfileException {
    if (name.equals("ARG") && !NAME.matcher(key).matches()) {
      throw line.error("'" + key + "' cannot be the name of an ARG");
    }
    if (key.isEmpty()) {
      throw line.error(name + " with an empty name");
    }
    return new Variable(key, value);
  }

  private Copy copy() throws DockerfileException {
    boolean extracts = name.equals("ADD");
    var flags = Flags.of(line, rest);
    var given =
        new CopyFlags(
            extracts ? Optional.empty() : flags.one("from"),
            flags.one("chown"),
            flags.one("chmod"),
            flags.all("exclude"));
    // A layer that can be put on another base: all layers here can.
    flags.isOn("link");
    flags.requireNoMore(name);
    var words = words(flags.rest());
    if (words.size() < 2) {
      throw line.error(name + " takes at least one source, and a destination");
    }
    int last = words.size() - 1;
    return new Copy(line, extracts, words.subList(0, last), words.get(last), given);
  }

  private Run run() throws DockerfileException {
    var flags = Flags.of(line, rest);
    if (!flags.all("mount").isEmpty()) {
      throw line.error("RUN --mount is not there; COPY what the command needs");
    }
    if (!oneOf(flags, "network", "none", "default", "host").equals("none")) {
      warn("a command has no network, whatever --network says");
    }
    if (oneOf(flags, "security", "sandbox", "insecure").equals("insecure")) {
      warn("--security changes nothing: every command runs in a sandbox");
    }
    flags.requireNoMore(name);
    if (flags.rest().isEmpty()) {
      throw line.error("RUN needs a command");
    }
    return new Run(line, command(flags.rest()));
  }

  /** The value of a flag that has a few; the first of them if it is not there. */
  private String oneOf(Flags flags, String flag, String... values) throws DockerfileException {
    var value = flags.one(flag).orElse(values[0]);
    if (!List.of(values).contains(value)) {
      throw line.error("--" + flag + " is one of " + String.join(", ", values) + ", not " + value);
    }
    return value;
  }

  private Shell shell() throws DockerfileException {
    return StringArray.parse(rest)
        .filter(words -> !words.isEmpty())
        .map(words -> new Shell(line, words))
        .orElseThrow(() -> line.error("SHELL takes its words in the JSON form: [\"/bin/sh\"]"));
  }

  private OnBuild onBuild() throws DockerfileException {
    return new OnBuild(line, trigger(line.with(rest), warnings));
  }

  private HealthCheck healthCheck() {
    if (!rest.equalsIgnoreCase("NONE")) {
      warn("HEALTHCHECK is left out: nothing would run it");
    }
    return new HealthCheck(line);
  }

  /** The JSON form where the text is one, else text for a shell. */
  private CommandForm command(String text) {
    var words = StringArray.parse(text);
    if (words.isPresent()) {
      return new CommandForm.Exec(words.get());
    }
    if (text.startsWith("[") && text.endsWith("]")) {
      warn("read as a command for a shell, since this is no JSON: its strings have double quotes");
    }
    return new CommandForm.Shell(text);
  }

  private List<String> words(String text) {
    return StringArray.parse(text).orElseGet(() -> List.of(text.split("[ \\t\\f\\r\\x0b]+")));
  }

  private void warn(String message) {
    warnings.accept(line.warning(message));
  }
}
