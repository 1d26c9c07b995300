package dev.vivarium.image.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vivarium.engine.WasmSource;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExecutablesTest {
  private static final WasmSource INTERPRETER = WasmSource.of("python", new byte[0]);
  private static final byte[] MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private final Vfs files = Vfs.builder().build();
  private final Optional<LanguageRuntime> python = LanguageRuntime.named("python");

  private void program(String path, byte[] content) throws ErrnoException {
    files.write(path, content);
    files.changeMode(files.superuser(), files.root(), path.getBytes(UTF_8), 0755, true);
  }

  private Executable find(String... words) throws ExecException {
    return find(Map.of(), words);
  }

  private Executable find(Map<String, String> environment, String... words) throws ExecException {
    return new Executables(files.snapshot(), python, Optional.of(INTERPRETER))
        .find(List.of(words), "/work", environment);
  }

  private void refused(int status, String... words) {
    var e = catchThrowableOfType(ExecException.class, () -> find(words));
    assertThat(e.status()).isEqualTo(status);
  }

  @Test
  void anInterpreterIsFoundByItsNames() throws Exception {
    for (var name : List.of("python", "python3", "/usr/local/bin/python", "/usr/bin/python3")) {
      var found = find(name, "-c", "1");
      assertThat(found.module()).isSameAs(INTERPRETER);
      assertThat(found.runtime()).isEqualTo(python);
      assertThat(found.words()).containsExactly(name, "-c", "1");
    }
  }

  @Test
  void aFileOfTheBoxComesBeforeAnInterpreterOfItsName() throws Exception {
    program("/bin/python", MODULE);
    assertThat(find("python").runtime()).isEmpty();
  }

  @Test
  void aModuleIsFoundByItsPathOrInThePath() throws Exception {
    program("/work/bin/tool", MODULE);
    assertThat(find("bin/tool", "x").words()).containsExactly("bin/tool", "x");
    assertThat(find("/work/bin/tool").module().bytes()).isEqualTo(MODULE);
    assertThat(find(Map.of("PATH", "/nowhere:/work/bin"), "tool").module().bytes())
        .isEqualTo(MODULE);
    refused(127, "tool");
  }

  @Test
  void aScriptIsForTheInterpreterThatItNames() throws Exception {
    program("/work/a", "#!/usr/bin/env python3\nprint(1)\n".getBytes(UTF_8));
    program("/work/b", "#! /usr/bin/python  -u -x\n".getBytes(UTF_8));
    program("/work/c", "#!/work/a\n".getBytes(UTF_8));
    assertThat(find("./a", "x").words()).containsExactly("python3", "/work/./a", "x");
    assertThat(find("/work/b").words()).containsExactly("/usr/bin/python", "-u -x", "/work/b");
    assertThat(find("/work/c").words()).containsExactly("python3", "/work/a", "/work/c");
  }

  @Test
  void scriptsThatInterpretEachOtherEnd() throws Exception {
    program("/work/a", "#!/work/b\n".getBytes(UTF_8));
    program("/work/b", "#!/work/a\n".getBytes(UTF_8));
    refused(126, "./a");
  }

  @Test
  void aShellThatIsNotThereIsNotNeededForSimpleCommands() throws Exception {
    assertThat(find("/bin/sh", "-c", "python -c '1 2'").words())
        .containsExactly("python", "-c", "1 2");
    refused(127, "/bin/sh", "-c", "python | python");
    refused(127, "/bin/sh", "-c", "python && python");
    refused(127, "/bin/sh", "script");
  }

  @Test
  void shellsInShellsEnd() {
    var e =
        catchThrowableOfType(
            ExecException.class,
            () -> find(Map.of("S", "sh -c \"$S\""), "sh", "-c", "sh -c \"$S\""));
    assertThat(e.status()).isEqualTo(126);
  }

  @Test
  void whatIsThereAndCannotRunIsTold() throws Exception {
    files.write("/work/plain", MODULE);
    files.makeDirectories("/work/directory");
    program("/work/text", "text".getBytes(UTF_8));
    program("/work/empty", new byte[0]);
    program("/work/nothing", "#!\n".getBytes(UTF_8));
    refused(126, "./plain");
    refused(126, "./directory");
    refused(126, "./text");
    refused(126, "./empty");
    refused(126, "./nothing");
    refused(127, "./absent");
    refused(127);
  }

  @Test
  void aModuleThatIsNoInterpreterRunsEveryCommandLine() throws Exception {
    var module = WasmSource.of("tool", MODULE);
    var found =
        new Executables(files.snapshot(), Optional.empty(), Optional.of(module))
            .find(List.of("a", "b"), "/", Map.of());
    assertThat(found.module()).isSameAs(module);
    assertThat(found.words()).containsExactly("a", "b");
  }
}
