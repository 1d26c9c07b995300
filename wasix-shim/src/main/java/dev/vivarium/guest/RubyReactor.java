package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.MemoryFaultException;
import dev.vivarium.guest.RubyAbi.Result;
import dev.vivarium.sys.Process;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * CRuby as the {@code ruby.wasm} project builds it: a reactor that holds an interpreter and leaves
 * to its host what the main function of {@code ruby} does. Here that is a driver in Ruby, which the
 * guest evaluates; it finds the program, runs it, and answers with an exit status.
 */
public final class RubyReactor implements GuestStart {
  private static final String DRIVER_SOURCE =
      "eval(%s, nil, 'vivarium', 1)".formatted(RubyLiteral.string(read("driver.rb")));

  private final RubyCommandLine commandLine;
  private final String workingDirectory;
  private final Function<String, List<String>> hidden;
  private final List<String> preopens;
  private final BootImages images;
  private final HandleTable handles = new HandleTable();

  /**
   * A run of Ruby.
   *
   * @param workingDirectory where the program starts; WASI preview1 has no working directory, so
   *     the driver changes to it, before any directory of {@code -C}
   * @param hidden the directories that the interpreter would not look for in the root, of those
   *     that lead to a working directory
   * @param images where started interpreters are kept
   */
  public RubyReactor(
      RubyCommandLine commandLine,
      String workingDirectory,
      Function<String, List<String>> hidden,
      BootImages images) {
    this.commandLine = commandLine;
    this.workingDirectory = workingDirectory;
    this.hidden = hidden;
    this.preopens = List.copyOf(hidden.apply(workingDirectory));
    this.images = images;
  }

  @Override
  public RubyReactor with(List<String> arguments, String newDirectory) {
    var line = RubyCommandLine.parse(arguments.stream().skip(1).toList());
    return new RubyReactor(line, newDirectory, hidden, images);
  }

  @Override
  public List<HostImport> imports() {
    var imports = new ArrayList<>(NoJavaScript.imports());
    imports.addAll(RubyAbi.handleImports(handles));
    return List.copyOf(imports);
  }

  @Override
  public List<String> preopens() {
    return preopens;
  }

  @Override
  public int run(Instantiator instantiator, Process process) {
    try {
      return runInterpreter(instantiator, process);
    } catch (MemoryFaultException e) {
      throw new GuestTrap(
          GuestTrap.Kind.MEMORY_OUT_OF_BOUNDS, "the reactor answers outside its memory", e);
    }
  }

  private int runInterpreter(Instantiator instantiator, Process process) {
    var environment = RubyEnvironment.of(process.environment());
    var key = key(instantiator.module().fingerprint(), environment);
    var kept =
        images.find(
            key, image -> instantiator.allows(image.state()) && image.surroundings().hold(process));
    if (kept.isPresent()) {
      var ruby = new RubyAbi(instantiator.resume(kept.get().state()), handles);
      images.started();
      return run(ruby, (int) kept.get().addresses()[0], environment);
    }
    var witness = new BootWitness(preopens.size());
    var guest = instantiator.begin(witness);
    var ruby = new RubyAbi(guest, handles);
    process.setArguments(process.arguments(), environment.read());
    ruby.initialize();
    ruby.init(interpreterArguments());
    if (!commandLine.runsProgram()) {
      return 0;
    }
    int driver = ruby.eval(DRIVER_SOURCE).require("the driver");
    process.setArguments(process.arguments(), environment.all());
    witness.image(guest, process, driver).ifPresent(image -> images.keep(key, image));
    images.started();
    return run(ruby, driver, environment);
  }

  private int run(RubyAbi ruby, int driver, RubyEnvironment environment) {
    int program = ruby.eval(programSource(environment)).require("the program's description");
    int run = ruby.send(driver, "new", program).require("the driver");
    Result end = ruby.send(run, "start");
    int error = end.raised() ? ruby.takeError() : ruby.eval("nil").require("nil");
    int status = ruby.send(run, "finish", error).require("the driver's end");
    return parseStatus(ruby.text(status));
  }

  /**
   * What the interpreter is started with. It reports no failure, so it is given nothing that can
   * fail: an empty program, and no library. syntax_suggest needs threads, which it has not.
   */
  private List<String> interpreterArguments() {
    var arguments = new ArrayList<String>();
    arguments.add("ruby");
    arguments.add("-EUTF-8");
    arguments.add("--disable=syntax_suggest");
    arguments.addAll(commandLine.interpreterSwitches());
    if (commandLine.runsProgram()) {
      arguments.add("-e_=0");
    }
    return arguments;
  }

  private String key(String module, RubyEnvironment environment) {
    return BootKey.of(
        List.of(module, DRIVER_SOURCE),
        preopens,
        interpreterArguments(),
        environment.read().stream().map(variable -> new String(variable, UTF_8)).sorted().toList());
  }

  private String programSource(RubyEnvironment environment) {
    var directories = new ArrayList<String>();
    directories.add(workingDirectory);
    directories.addAll(commandLine.directories());
    return "({%s})"
        .formatted(
            String.join(
                ", ",
                "environment: " + environment.literal(),
                "directories: " + RubyLiteral.array(directories),
                "includes: " + RubyLiteral.array(commandLine.includes()),
                "features: " + RubyLiteral.array(commandLine.features()),
                "name: " + RubyLiteral.string(commandLine.name()),
                "arguments: " + RubyLiteral.array(commandLine.arguments()),
                "code: " + commandLine.code().map(RubyLiteral::string).orElse("nil")));
  }

  private static int parseStatus(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new GuestTrap(GuestTrap.Kind.OTHER, "the driver's end is no status: " + text, e);
    }
  }

  private static String read(String resource) {
    try (var stream = RubyReactor.class.getResourceAsStream(resource)) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
