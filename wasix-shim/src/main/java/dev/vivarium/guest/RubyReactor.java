package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.GuestCaller;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.MemoryFaultException;
import dev.vivarium.guest.RubyAbi.Result;
import dev.vivarium.sys.Process;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * CRuby as the {@code ruby.wasm} project builds it: a reactor that holds an interpreter and leaves
 * to its host what the main function of {@code ruby} does. Here that is a driver in Ruby, which the
 * guest evaluates; it finds the program, runs it, and answers with an exit status.
 */
public final class RubyReactor implements GuestStart {
  private static final String DRIVER = read("driver.rb");

  private final RubyCommandLine commandLine;
  private final String workingDirectory;
  private final HandleTable handles = new HandleTable();

  /**
   * A run of Ruby.
   *
   * @param workingDirectory where the program starts; WASI preview1 has no working directory, so
   *     the driver changes to it, before any directory of {@code -C}
   */
  public RubyReactor(RubyCommandLine commandLine, String workingDirectory) {
    this.commandLine = commandLine;
    this.workingDirectory = workingDirectory;
  }

  @Override
  public List<HostImport> imports() {
    var imports = new ArrayList<>(NoJavaScript.imports());
    imports.addAll(RubyAbi.handleImports(handles));
    return List.copyOf(imports);
  }

  @Override
  public int run(GuestCaller guest, Process process) {
    try {
      return run(new RubyAbi(guest, handles));
    } catch (MemoryFaultException e) {
      throw new GuestTrap(
          GuestTrap.Kind.MEMORY_OUT_OF_BOUNDS, "the reactor answers outside its memory", e);
    }
  }

  private int run(RubyAbi ruby) {
    ruby.initialize();
    ruby.init(interpreterArguments());
    if (!commandLine.runsProgram()) {
      return 0;
    }
    int driver = ruby.eval(driverSource()).require("the driver");
    Result end = ruby.send(driver, "start");
    int error = end.raised() ? ruby.takeError() : ruby.eval("nil").require("nil");
    int status = ruby.send(driver, "finish", error).require("the driver's end");
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

  private String driverSource() {
    var directories = new ArrayList<String>();
    directories.add(workingDirectory);
    directories.addAll(commandLine.directories());
    return "eval(%s, nil, 'vivarium', 1).new(%s)"
        .formatted(
            RubyLiteral.string(DRIVER),
            String.join(
                ", ",
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
