package dev.vivarium.conformance.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.conformance.language.Guest.Run;
import dev.vivarium.guest.BootImages;
import dev.vivarium.runtime.BootCache;
import dev.vivarium.vfs.posix.ErrnoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interpreter that was started for another program is, for a program, one of its own. */
class StartedOnceTest {
  /** All that tells a program how it was started. */
  private static final String SELF =
      "import os, sys, warnings\n"
          + "for name in ('argv orig_argv path flags warnoptions _xoptions executable prefix'\n"
          + "    ' dont_write_bytecode stdout hexversion').split():\n"
          + "  print(name, getattr(sys, name))\n"
          + "print(os.getcwd(), sorted(os.environ.items()), sorted(os.environb.items()))\n"
          + "print(__name__, globals().get('__file__'), sorted(globals()), __spec__)\n"
          + "print(sorted(sys.modules), sorted(vars(sys)))\n"
          + "print(warnings.filters, sys.getrecursionlimit(), sys._getframe().f_back)\n"
          + "print(os.listdir('/'), os.stat('/').st_mtime == os.stat('/').st_atime)\n"
          + "def f(): raise ValueError('é')\n"
          + "f()\n";

  @TempDir Path directory;

  private BootCache cache() {
    return new BootCache(directory);
  }

  private long kept() throws Exception {
    try (var files = Files.list(directory)) {
      return files.count();
    }
  }

  /**
   * Objects are elsewhere; and in the root, an interpreter's own start finds no directory of a
   * script, and its path to begin with two slashes.
   */
  private static List<Object> seen(Run run) {
    return List.of(
        run.status(), alike(run.stdout()), alike(run.stderr()), run.outcome().changes().toString());
  }

  private static String alike(String output) {
    return output
        .replaceAll("0x[0-9a-f]+", "0x")
        .replace("path ['', ", "path ['/', ")
        .replace("//self.py", "/self.py");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-c SELF",
        "-c SELF a -b -- c",
        "-BcSELF ä",
        "-W error::DeprecationWarning -X dev=1 -O -c SELF",
        "self.py",
        "/dir/self.py -x y",
        "-- self.py",
        "-m self a",
        "- a b",
        "-q",
      })
  void aProgramFindsWhatAnInterpreterOfItsOwnWouldShowIt(String line) throws Exception {
    compare(() -> given(Guest.python(words(line))));
  }

  /** Whose start goes through its files, and which is stopped seven calls deep. */
  @ParameterizedTest
  @ValueSource(strings = {"-c SELF a -b -- c", "self.py", "-m self a", "- a b"})
  void aProgramOfTheOptimisedPythonDoesToo(String line) throws Exception {
    compare(() -> given(Guest.optimisedPython(words(line))));
  }

  private static String[] words(String line) {
    return Arrays.stream(line.split(" "))
        .map(word -> word.replace("SELF", SELF))
        .toArray(String[]::new);
  }

  private static Guest given(Guest guest) throws ErrnoException {
    return guest
        .file("/self.py", SELF)
        .file("/dir/self.py", SELF)
        .environment("VARIABLE", "value")
        .environment("EMPTY", "")
        .stdin(SELF);
  }

  private void compare(Callable<Guest> guest) throws Exception {
    var own = seen(guest.call().plain().run());
    assertThat(own.toString()).contains("ValueError");

    assertThat(seen(guest.call().from(BootImages.NONE).run())).isEqualTo(own);
    assertThat(seen(guest.call().from(cache()).run())).isEqualTo(own);
    assertThat(kept()).isEqualTo(1);
    assertThat(seen(guest.call().from(cache()).run())).isEqualTo(own);
    assertThat(kept()).as("images, after two runs").isEqualTo(1);
  }

  @Test
  void programsOfOneKindShareAStart() throws Exception {
    for (int i = 0; i < 3; i++) {
      var run =
          Guest.python(
                  "-c", "import sys, os; print(sys.argv, os.getcwd(), os.environ['N'])", "x" + i)
              .environment("N", "n" + i)
              .in("/d" + i)
              .from(cache())
              .run();
      assertThat(run.stdout()).isEqualTo("['-c', 'x" + i + "'] /d" + i + " n" + i + "\n");
    }
    assertThat(kept()).isEqualTo(1);
  }

  @Test
  void packagesOfARunAreNoneOfTheNext() throws Exception {
    var program = new String[] {"-c", "import thing; print(thing.NAME)"};
    for (var name : List.of("one", "two")) {
      var run = Guest.python(program).file("/opt/python/thing.py", "NAME = '" + name + "'");
      assertThat(run.from(cache()).run().stdout()).isEqualTo(name + "\n");
    }
    assertThat(Guest.python(program).from(cache()).run().stderr()).contains("No module named");
  }

  @Test
  void aSitecustomizeOfTheUsersRunsForItsOwnRunsAlone() throws Exception {
    var custom = List.of("import builtins", "builtins.CUSTOM = 5");
    var program = new String[] {"-c", "print(getattr(__builtins__, 'CUSTOM', None))"};
    for (int i = 0; i < 2; i++) {
      var run =
          Guest.python(program)
              .file("/opt/python/sitecustomize.py", custom.toArray(String[]::new))
              .from(cache())
              .run();
      assertThat(run.stdout()).isEqualTo("5\n");
      assertThat(Guest.python(program).from(cache()).run().stdout()).isEqualTo("None\n");
    }
  }

  @Test
  void aLongProgramAndManyArgumentsArrive() throws Exception {
    var program = "x = '" + "é".repeat(40_000) + "'; import sys; print(len(x), len(sys.argv[1]))";
    for (int i = 0; i < 2; i++) {
      var run = Guest.python("-c", program, "a".repeat(100_000)).from(cache()).run();
      assertThat(run.stdout()).isEqualTo("40000 100000\n");
    }
    assertThat(directory).as("what is not likely to be asked for again").isEmptyDirectory();
  }

  @Test
  void rubyFindsWhatAnInterpreterOfItsOwnWouldShowIt() throws Exception {
    var program =
        "p ARGV, $0, ENV.to_h.sort, Dir.pwd, $LOAD_PATH, $LOADED_FEATURES.sort, $VERBOSE, $;\n"
            + "p ObjectSpace.count_objects[:TOTAL] > 0, __FILE__, Encoding.default_external\n"
            + "raise 'ü'";
    Supplier<Guest> guest =
        () -> Guest.ruby("-e", program, "a", "b").environment("VARIABLE", "value").in("/here");
    var own = seen(guest.get().from(BootImages.NONE).run());
    assertThat(own.toString()).contains("VARIABLE").contains("RuntimeError");

    assertThat(seen(guest.get().from(cache()).run())).isEqualTo(own);
    assertThat(seen(guest.get().from(cache()).run())).isEqualTo(own);
    assertThat(kept()).isEqualTo(1);
    assertThat(Guest.ruby("-e", "puts 1").from(cache()).run().stdout()).isEqualTo("1\n");
    assertThat(Guest.ruby("-W0", "-e", "puts 1").from(cache()).run().stdout()).isEqualTo("1\n");
    assertThat(kept()).as("images, one for each set of switches").isEqualTo(2);
  }
}
