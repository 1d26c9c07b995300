package dev.vivarium.conformance.peer;

import com.dylibso.chicory.build.time.compiler.Config;
import com.dylibso.chicory.build.time.compiler.Generator;
import com.dylibso.chicory.compiler.InterpreterFallback;
import com.dylibso.chicory.wasm.Version;
import java.io.IOException;
import java.nio.file.Path;

/** Compiles a module as Chicory's plugin for build tools does. */
public final class ChicoryCompiler {
  /** The name that the compiled classes derive theirs from. */
  static final String NAME = "chicory.Guest";

  private ChicoryCompiler() {}

  /** The version of Chicory. */
  public static String version() {
    return Version.version();
  }

  /**
   * Compiles a module.
   *
   * @param args the module; the directory for the classes and for what remains of the module
   */
  public static void main(String[] args) throws IOException {
    var directory = Path.of(args[1]);
    var config =
        Config.builder()
            .withWasmFile(Path.of(args[0]))
            .withName(NAME)
            .withTargetClassFolder(directory)
            .withTargetSourceFolder(directory)
            .withTargetWasmFolder(directory)
            .withInterpreterFallback(InterpreterFallback.SILENT)
            .build();
    var generator = new Generator(config);
    var interpreted = generator.generateResources();
    generator.generateMetaWasm(interpreted);
  }
}
