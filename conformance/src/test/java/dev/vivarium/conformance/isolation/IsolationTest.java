package dev.vivarium.conformance.isolation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.cli.Main;
import dev.vivarium.runtime.CacheDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a guest does to its files is not done to the host's: every system call of the process is
 * recorded with strace while a Python program works on files with names that occur nowhere else.
 */
class IsolationTest {
  private static final String STARTED = "the-guest-has-started";
  private static final String PROGRAM =
      """
      import os, shutil, socket, sqlite3, tempfile
      print('%s', flush=True)
      for i in range(50):
          d = '/data/zq%%04dxj' %% i
          os.makedirs(d)
          with open(d + '/file', 'w') as f: f.write('content')
          os.rename(d + '/file', d + '/name'); os.link(d + '/name', d + '/hard')
          os.symlink('name', d + '/soft'); os.listdir(d); os.stat(d + '/soft'); os.utime(d)
          os.remove(d + '/hard')
      shutil.rmtree('/data/zq0007xj')
      db = sqlite3.connect('/data/zq0001xj/db'); db.execute('create table t (a)'); db.close()
      for outside in ('/etc/hostname', '/proc/self/maps', '/etc/shadow'):
          assert not os.path.exists(outside), outside
      for way in ('../zqsecret', 'out', 'out/', 'up/zqsecret', '/up//zqsecret', 'd/../../zqsecret',
                  '../../proc/self/root/zqsecret', 'up/../zqsecret', '..//mapped/../zqsecret'):
          for flags in (os.O_RDONLY, os.O_RDWR | os.O_CREAT):
              try: os.close(os.open('/mapped/' + way, flags))
              except OSError: pass
              else: assert '..' in way, way
      try: os.link('/mapped/out', '/mapped/in'); os.symlink('../zqsecret', '/mapped/in')
      except OSError: pass
      with tempfile.TemporaryFile() as f: f.write(b'x')
      try: socket.create_connection(('127.0.0.1', 1), 1)
      except (OSError, AttributeError): pass
      with open('/mapped/zqcontrol', 'w') as f: f.write('on the host')
      print('done')
      """
          .formatted(STARTED);

  /** The calls that change a filesystem, by any of their variants. */
  private static final Pattern CHANGE =
      Pattern.compile(
          "\\b(creat|mkdir|mknod|rename|unlink|rmdir|link|symlink|chmod|fchmod|chown|lchown|fchown"
              + "|truncate|utime|utimes|futimes|utimensat|setxattr|lsetxattr|removexattr|mount"
              + "|chroot|pivot_root)(at)?(64|2)?\\(");

  private static final Pattern OPEN_TO_WRITE =
      Pattern.compile("\\b(open|openat|openat2)\\(.*\\b(O_WRONLY|O_RDWR|O_CREAT|O_TRUNC)\\b");

  /**
   * A file as strace -y shows it: a descriptor with its path, a name, or a name below the former.
   */
  private static final Pattern FILE =
      Pattern.compile(
          "(?:\\d|AT_FDCWD)<(?<directory>/[^>]*)>(?:, \"(?<below>[^\"]*)\")?|\"(?<name>[^\"]*)\"");

  @TempDir static Path dir;

  private static List<String> calls;
  private static List<String> callsOnceStarted;

  @BeforeAll
  static void record() throws Exception {
    requireStrace();
    // Whatever is to be fetched and compiled is, before what is recorded.
    Files.createDirectories(mapped().resolve("d"));
    Files.writeString(dir.resolve("zqsecret"), "a secret");
    Files.createSymbolicLink(mapped().resolve("out"), Path.of("../zqsecret"));
    Files.createSymbolicLink(mapped().resolve("up"), Path.of(".."));
    assertThat(vivarium(List.of(), "print('ready')")).isEqualTo("ready\n");
    Path trace = dir.resolve("trace");
    List<String> strace =
        List.of(
            "strace",
            "-f",
            "-y",
            "--seccomp-bpf",
            "-s4096",
            "-e",
            "trace=%file,%network,fork,vfork,fchmod,fchown,ftruncate,write",
            "-o",
            trace.toString());
    assertThat(vivarium(strace, PROGRAM)).isEqualTo(STARTED + "\ndone\n");
    calls = Files.readAllLines(trace);
    int start =
        IntStream.range(0, calls.size())
            .filter(i -> calls.get(i).contains(STARTED))
            .findFirst()
            .orElseThrow();
    callsOnceStarted = calls.subList(start, calls.size());
    assertThat(calls)
        .as("strace records what is opened")
        .anyMatch(call -> call.contains("openat(") && call.contains("/vivarium/modules/"));
  }

  @Test
  void onlyWhatIsMappedReachesTheHost() throws IOException {
    assertThat(mapped().resolve("zqcontrol")).hasContent("on the host");
    assertThat(calls).anyMatch(call -> call.contains("zqcontrol"));
  }

  @Test
  void noHostCallSeesAPathOfTheGuest() {
    assertThat(calls).noneMatch(call -> call.matches(".*zq00\\d\\dxj.*"));
  }

  /** Where a guest's own root has such a name, it is the guest's file. */
  @Test
  void whatIsBesideAMappedDirectoryIsReachedByNoPath() throws IOException {
    assertThat(calls).noneMatch(call -> call.contains("zqsecret"));
    assertThat(dir.resolve("zqsecret")).hasContent("a secret");
  }

  @Test
  void theGuestStartsNoProcess() {
    assertThat(calls).anyMatch(call -> call.matches("\\d+ +execve\\(.*"));
    assertThat(callsOnceStarted)
        .noneMatch(call -> call.matches("\\d+ +(execveat|execve|v?fork)\\(.*"));
  }

  @Test
  void nothingIsWrittenButCachesTheJvmsOwnFilesAndWhatIsMapped() {
    List<String> writes =
        calls.stream()
            .filter(call -> CHANGE.matcher(call).find() || OPEN_TO_WRITE.matcher(call).find())
            .filter(call -> !paths(call).allMatch(IsolationTest::mayBeWritten))
            .toList();
    assertThat(writes).isEmpty();
  }

  @Test
  void onceTheGuestRunsNothingElseIsEvenLookedAt() {
    assertThat(callsOnceStarted.stream().flatMap(IsolationTest::paths).distinct())
        .allMatch(IsolationTest::isTheJvms);
  }

  /**
   * When its network library is loaded, which comes with file channels, the JVM opens an inet
   * socket of each kind to see which the host has. None is used, and the guest makes none.
   */
  @Test
  void noInetSocketIsUsedAndTheGuestMakesNone() {
    Pattern use =
        Pattern.compile("\\b(bind|connect|listen|accept4?|sendto|sendmsg|sendmmsg)\\(.*AF_INET");
    assertThat(calls).noneMatch(call -> use.matcher(call).find());
    assertThat(callsOnceStarted).noneMatch(call -> call.matches("\\d+ +socket\\(.*"));
  }

  /** Skips where there is no strace, but for continuous integration. */
  private static void requireStrace() throws IOException, InterruptedException {
    try {
      var strace =
          new ProcessBuilder("strace", "-V")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      assertThat(strace.waitFor()).isZero();
    } catch (IOException e) {
      Assumptions.assumeTrue(System.getenv("CI") != null, e.getMessage());
      throw e;
    }
  }

  private static Stream<String> paths(String call) {
    if (call.matches("\\d+ +(write|execve)\\(.*")) {
      return Stream.empty();
    }
    String arguments = call.replaceFirst("\\) += [-\\d].*", "");
    return FILE.matcher(arguments).results().map(IsolationTest::path);
  }

  private static String path(MatchResult file) {
    String directory = file.group(1);
    String below = file.group(2);
    if (directory == null) {
      return file.group(3);
    }
    if (below == null || below.isEmpty()) {
      return directory;
    }
    return below.startsWith("/") ? below : directory + "/" + below;
  }

  private static Path mapped() {
    return dir.resolve("mapped");
  }

  private static boolean mayBeWritten(String path) {
    return path.startsWith(CacheDirectory.of(System.getenv()) + "/")
        || path.startsWith("/tmp/hsperfdata_")
        || path.equals("/proc/self/coredump_filter")
        || path.equals("/dev/null")
        || path.startsWith(mapped().toString());
  }

  private static boolean isTheJvms(String path) {
    return mayBeWritten(path)
        || isBelow(mapped().toString(), path)
        || Stream.of("/proc/", "/sys/", "/dev/random", "/dev/urandom", "/tmp/.java_pid")
            .anyMatch(path::startsWith)
        || isBelow(System.getProperty("java.home"), path)
        || classPath().anyMatch(entry -> isBelow(entry, path));
  }

  /** Whether one path leads to the other: the JVM also reads the links on its way. */
  private static boolean isBelow(String top, String path) {
    return path.equals(top) || path.startsWith(top + "/") || top.startsWith(path + "/");
  }

  private static Stream<String> classPath() {
    return Stream.of(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
            .split(File.pathSeparator));
  }

  /** Runs a Python program in a process of its own, and gives back what it printed. */
  private static String vivarium(List<String> prefix, String program)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:+UseSerialGC", "-cp", classPath().reduce((a, b) -> a + ":" + b).get()));
    command.addAll(
        List.of(Main.class.getName(), "run", "--map", mapped() + ":/mapped", "python", "-"));
    Path input = Files.writeString(dir.resolve("program"), program);
    Path output = dir.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectInput(input.toFile())
            .redirectOutput(output.toFile())
            .redirectError(dir.resolve("errors").toFile())
            .start();
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(dir.resolve("errors"), UTF_8)).isZero();
    return Files.readString(output, UTF_8);
  }
}
