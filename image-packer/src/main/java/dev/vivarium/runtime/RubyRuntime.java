package dev.vivarium.runtime;

import dev.vivarium.guest.BootImages;
import dev.vivarium.guest.RubyCommandLine;
import dev.vivarium.guest.RubyReactor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** CRuby, a reactor with its standard library inside, whose driver changes the directory. */
final class RubyRuntime extends LanguageRuntime {
  private static final String COMMAND = "ruby";
  private static final String PACKAGES = "/opt/ruby";
  private static final String PATH_VARIABLE = "RUBYLIB";

  private RubyRuntime(String name, Set<String> tags, NpmFile file) {
    super(name, tags, file);
  }

  /** CRuby 3.4, which {@code ruby} means. */
  static RubyRuntime latest() {
    return new RubyRuntime(
        "ruby",
        Set.of("ruby:latest", "ruby:3", "ruby:3.4"),
        new NpmFile(
            "@ruby/3.4-wasm-wasi",
            "2.10.1",
            "dist/ruby+stdlib.wasm",
            30_635_497,
            "4b814fc9d13505ea5b4c1f3bd3a7cc7ccca137f551196b9b21f0a7caf9cc5878"));
  }

  /** CRuby 3.3, for which Debian has the tests. */
  static RubyRuntime previous() {
    return new RubyRuntime(
        "ruby:3.3",
        Set.of(),
        new NpmFile(
            "@ruby/3.3-wasm-wasi",
            "2.10.1",
            "dist/ruby+stdlib.wasm",
            36_018_798,
            "d6e3e863076a6bf7a8dd11870a9a68e84c2e76b3df41121ab090621e76953593"));
  }

  @Override
  public String command() {
    return COMMAND;
  }

  @Override
  public boolean isCalled(String command) {
    return command.equals(COMMAND);
  }

  @Override
  public String packageDirectory() {
    return PACKAGES;
  }

  @Override
  public Optional<String> script(List<String> arguments) {
    return RubyCommandLine.parse(arguments).script();
  }

  @Override
  public Launch launch(
      List<String> arguments,
      String workingDirectory,
      Map<String, String> environment,
      BootImages images) {
    var command = new ArrayList<String>(arguments.size() + 1);
    command.add(COMMAND);
    command.addAll(arguments);
    var variables = new HashMap<>(environment);
    variables.merge(PATH_VARIABLE, PACKAGES, SearchPath::joined);
    var reactor =
        new RubyReactor(
            RubyCommandLine.parse(arguments), workingDirectory, preopens(workingDirectory), images);
    return new Launch(reactor, command, variables, List.of());
  }
}
