package dev.vivarium.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of what the script that runs Ruby's tests leaves. */
class RubyGuestTest {
  @TempDir Path directory;
  private RubyGuest guest;
  private Path list;

  @BeforeEach
  void setUp() {
    guest = new RubyGuest(directory, directory.resolve("ruby.wasm"));
    list = directory.resolve(SuiteGuest.TESTS);
  }

  private ModuleResult result(int status, String message, String output) throws Exception {
    var said = Files.writeString(directory.resolve("output"), output);
    return guest.result("core/dir", status, message, 2, said, list);
  }

  private End end(String tests) throws Exception {
    Files.writeString(list, "<testsuite>" + tests + "</testsuite>");
    return result(0, "", "").end();
  }

  @Test
  void theTestsDecideHowAModuleEnds() throws Exception {
    var passed = "<testcase name='a'/>";
    var skipped = "<testcase name='b'><skipped message=''/></testcase>";
    var failed = "<testcase name='c'><error message='no'/></testcase>";

    assertThat(end(passed + skipped)).isEqualTo(End.PASSED);
    assertThat(end(skipped)).isEqualTo(End.SKIPPED);
    assertThat(end("")).isEqualTo(End.SKIPPED);
    assertThat(end(passed + failed)).isEqualTo(End.FAILED);
  }

  @Test
  void withoutAListTheModuleHasCrashed() throws Exception {
    assertThat(result(0, "", "one\ntwo\n").end()).isEqualTo(End.CRASHED);
    assertThat(result(0, "", "one\ntwo\n").detail()).isEqualTo("status 0; two");
    assertThat(result(134, "unreachable", "").detail()).isEqualTo("unreachable");
  }

  @Test
  void anotherStatusIsACrashWhateverTheListSays() throws Exception {
    Files.writeString(list, "<testsuite><testcase name='a'/></testsuite>");

    assertThat(result(1, "", "").end()).isEqualTo(End.CRASHED);
  }

  @Test
  void modulesAreFilesOfTestsAndDirectoriesOfSpecs() throws Exception {
    var top = directory.resolve("root/ruby");
    Files.createDirectories(top.resolve("test/ruby"));
    Files.createDirectories(top.resolve("spec/ruby/core/dir/fixtures"));
    Files.createDirectories(top.resolve("spec/ruby/shared/x"));
    Files.createFile(top.resolve("test/ruby/test_dir.rb"));
    Files.createFile(top.resolve("test/ruby/helper.rb"));

    assertThat(guest.modules()).containsExactly("core/dir", "test/ruby/test_dir");
  }
}
