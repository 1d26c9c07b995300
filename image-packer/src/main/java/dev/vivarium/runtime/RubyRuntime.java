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
  private static final String VERSION = "2.10.1";
  private static final String BARE = "dist/ruby.wasm";
  private static final String LIBRARY = "/usr/local/lib/ruby";

  private static final String COPY =
      """
      def copy(from, to)
        Dir.mkdir to
        Dir.each_child(from) do |name|
          source, target = "#{from}/#{name}", "#{to}/#{name}"
          File.directory?(source) ? copy(source, target) : IO.copy_stream(source, target)
        end
      end
      copy(*ARGV)
      """;

  private final Set<String> filesForErrors;

  private RubyRuntime(String name, Set<String> tags, NpmFile file, Set<String> filesForErrors) {
    super(name, tags, file);
    this.filesForErrors = filesForErrors;
  }

  /** CRuby 3.4, which {@code ruby} means. */
  static RubyRuntime latest() {
    var bare =
        new NpmFile(
            "@ruby/3.4-wasm-wasi",
            VERSION,
            BARE,
            16_655_034,
            "e64fa4c82cbbb62044648b0a15b96f3486ff3ecbab7bb7a3df11b4ee3e907ddc");
    return new RubyRuntime(
        "ruby",
        Set.of("ruby:latest", "ruby:3", "ruby:3.4"),
        whole(
            30_635_497,
            "4b814fc9d13505ea5b4c1f3bd3a7cc7ccca137f551196b9b21f0a7caf9cc5878",
            "011fd3d4f5ce0d0a43b5643aa29a82ccea555577ca0264296d593f6eb3f1cf94",
            bare,
            15_988_456,
            "cf437ae43d04aae2f38602b107b21cf6052619238112e9c3531e22ef5546e85c"),
        // The parser, by which error_highlight finds the place in a line.
        Set.of(
            LIBRARY + "/3.4.0/prism.rb",
            LIBRARY + "/3.4.0/prism/node.rb",
            LIBRARY + "/3.4.0/prism/node_ext.rb",
            LIBRARY + "/3.4.0/prism/pack.rb",
            LIBRARY + "/3.4.0/prism/parse_result.rb",
            LIBRARY + "/3.4.0/prism/polyfill/byteindex.rb",
            LIBRARY + "/3.4.0/prism/string_query.rb"));
  }

  /** CRuby 3.3, for which Debian has the tests. */
  static RubyRuntime previous() {
    var bare =
        new NpmFile(
            "@ruby/3.3-wasm-wasi",
            VERSION,
            BARE,
            16_296_167,
            "6ed4db69b832690b1b84605a53e607044243c555b85a913f647fd362675b70b0");
    return new RubyRuntime(
        "ruby:3.3",
        Set.of(),
        whole(
            36_018_798,
            "d6e3e863076a6bf7a8dd11870a9a68e84c2e76b3df41121ab090621e76953593",
            "23bb5e361064026549f0a39a45c11579ec3a2ddca6c5f7c0265f5ce1f5bc1c48",
            bare,
            15_638_836,
            "28fab2b0dadc85cbbd8c9e1584a10a361a95bb431919b13edd9a5c6bfcd2ca1d"),
        Set.of());
  }

  /**
   * The module that has its library inside.
   *
   * @param stripped the digest of the same module without its custom sections
   * @param bare the one of the same package that has not
   * @param name as {@link EmbeddedLibrary.Tree} has it, as is {@code rest}
   */
  private static NpmFile whole(
      long size, String sha256, String stripped, NpmFile bare, int name, String rest) {
    var library =
        new EmbeddedLibrary.Tree(
            Set.of(sha256, stripped), bare, name, rest, LIBRARY, List.of(COMMAND, "-e", COPY));
    return new NpmFile(
        bare.packageName(),
        VERSION,
        "dist/ruby+stdlib.wasm",
        size,
        sha256,
        Optional.of(stripped),
        Optional.of(library),
        Optional.empty());
  }

  @Override
  public Set<String> filesForErrors() {
    return filesForErrors;
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
        new RubyReactor(RubyCommandLine.parse(arguments), workingDirectory, this::preopens, images);
    return new Launch(reactor, command, variables, List.of());
  }
}
