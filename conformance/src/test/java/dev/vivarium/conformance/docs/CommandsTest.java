package dev.vivarium.conformance.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vivarium.conformance.registry.LocalRegistry;
import dev.vivarium.runtime.CacheDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command in the documentation is run as a reader would: by a shell, with the launcher that
 * has been built, those of a page one after the other in one directory, beside the programs that
 * the page shows. It must succeed, or do what a comment behind it says: {@code # status N}, or
 * {@code # prints TEXT} with {@code ;} between the lines. Those that cannot be run here are listed
 * with the reason.
 */
@Timeout(600)
class CommandsTest {
  private static final Map<String, String> NOT_RUN = new LinkedHashMap<>();

  static {
    NOT_RUN.put("mvn .*", "it would run this test, or make anew what this test runs");
    NOT_RUN.put("conformance/\\w+\\b.*", "takes minutes or hours; ScriptsTest looks at the help");
    NOT_RUN.put("java .*\\.PythonService", "serves until it is ended, which a test below does");
    NOT_RUN.put("java .* BOX PATH STORE", "a form: BOX, PATH and STORE stand for names");
    NOT_RUN.put("clang-14 .*", "needs Debian's packages; ExamplesTest does it");
    NOT_RUN.put("\\./vivarium build --strip .*", "takes half a minute; ExamplesTest does it");
    NOT_RUN.put("\\./vivarium \\w+", "the name of a command");
    NOT_RUN.put("\\./vivarium pack DIR -o FILE", "a form: DIR and FILE stand for names");
    NOT_RUN.put("time env VIVARIUM_JAVA_OPTS=\"X\" .*", "a form: X stands for options");
  }

  /** The registry that a reader is taken to have. */
  private static final String REGISTRY = "localhost:5000";

  private static LocalRegistry registry;

  /** What a reader is taken to have written. */
  private static final Map<String, String> FILES = Map.of("script.py", "print('hello')\n");

  /** What is a command, where it is not in a block of its own. */
  private static final Pattern COMMAND =
      Pattern.compile("(?:.* )?\\./vivarium .*|(?:mvn|javac?|clang-14|conformance/\\w+) .*");

  private static final Pattern PROGRAM = Pattern.compile("public class (\\w+) ");

  private static final Pattern COMMENT = Pattern.compile("\\s+# (status|prints) (.*)$");

  @TempDir static Path directory;

  private static final List<Path> LINKS = new ArrayList<>();

  /** A command, in the directory of its page. */
  record Command(String place, String text) {
    @Override
    public String toString() {
      return place + " " + text;
    }

    String page() {
      return place.replaceAll(":.*", "");
    }

    boolean isRun() {
      return NOT_RUN.keySet().stream().noneMatch(text::matches);
    }
  }

  static List<Command> commands() throws IOException {
    var commands = new ArrayList<Command>();
    for (var page : Page.all()) {
      for (var block : page.blocks()) {
        if (block.language().equals("sh")) {
          block.text().lines().forEach(line -> commands.add(new Command(block.place(), line)));
        }
      }
      page.spans().stream()
          .filter(span -> COMMAND.matcher(span.text()).matches())
          .forEach(span -> commands.add(new Command(span.place(), span.text())));
    }
    return commands;
  }

  static Stream<Command> commandsToRun() throws IOException {
    return commands().stream().filter(Command::isRun);
  }

  @BeforeAll
  static void theLauncherIsBuilt() throws Exception {
    var sources = "{vfs-core,syscall-stubs,wasix-shim,image-packer}/{pom.xml,src/main}";
    var find = "find pom.xml " + sources + " -newer image-packer/target/vivarium.jar";
    var process =
        new ProcessBuilder("bash", "-c", find)
            .directory(Page.TOP.toFile())
            .redirectErrorStream(true)
            .start();
    var newer = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (System.getenv("CI") != null) {
      assertThat(newer).as("what is newer than the launcher").isEmpty();
    }
    Assumptions.assumeTrue(newer.isEmpty(), "the launcher is built by mvn verify");
  }

  @Test
  void everyReasonIsNeeded() throws IOException {
    var commands = commands();
    assertThat(NOT_RUN.keySet())
        .allSatisfy(form -> assertThat(commands).anyMatch(c -> c.text().matches(form)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("commandsToRun")
  void everyCommandDoesWhatIsSaidOfIt(Command command) throws Exception {
    var text = command.text();
    if (text.contains(REGISTRY)) {
      text = text.replace(REGISTRY, registry().host());
    }
    var comment = COMMENT.matcher(text);
    boolean isTold = comment.find();
    int status =
        isTold && comment.group(1).equals("status") ? Integer.parseInt(comment.group(2)) : 0;
    var result = Shell.run(place(command.page()), environment(), text);
    assertThat(result.status()).as(result.errors()).isEqualTo(status);
    if (isTold && comment.group(1).equals("prints")) {
      assertThat(result.output()).isEqualTo(comment.group(2).replace("; ", "\n") + "\n");
    }
  }

  /** What it then prints is how it is used. */
  @Test
  void theServiceOfTheExampleServesWhenItHasSaidSo() throws Exception {
    var service = Path.of("examples", "python-service", "target", "classes");
    if (System.getenv("CI") == null) {
      Assumptions.assumeTrue(Files.exists(Page.TOP.resolve(service)), "the example is not built");
    }
    var command = commands().stream().filter(c -> c.text().endsWith(".PythonService")).findFirst();
    var place = place(command.orElseThrow().page());
    var anyPort = "exec " + command.orElseThrow().text() + " 0";
    var process =
        Shell.prepared(place, environment(), anyPort)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      assertThat(output.readLine())
          .matches("curl --data-binary @script.py http://\\S+")
          .satisfies(post -> assertThat(posted(post, place)).contains("\"stdout\":\"hello\\n\""));
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static String posted(String curl, Path place) throws Exception {
    var words = curl.split(" ");
    var script = place.resolve(words[2].substring(1));
    var request =
        HttpRequest.newBuilder(URI.create(words[3]))
            .POST(HttpRequest.BodyPublishers.ofFile(script))
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static Map<String, String> environment() throws IOException {
    return Map.of("XDG_CACHE_HOME", cache().toString());
  }

  /** What a reader has in front of him: what commands name of the project, and files of his own. */
  private static Path place(String page) throws IOException {
    var place = directory.resolve(page.replace('/', '-'));
    if (Files.exists(place)) {
      return place;
    }
    Files.createDirectory(place);
    for (var name : List.of("vivarium", "examples", "image-packer")) {
      link(place.resolve(name), Page.TOP.resolve(name).toRealPath());
    }
    for (var block : Page.read(Page.TOP.resolve(page)).blocks()) {
      var program = PROGRAM.matcher(block.text());
      if (program.find()) {
        Files.writeString(place.resolve(program.group(1) + ".java"), block.text());
      }
    }
    for (var file : FILES.entrySet()) {
      Files.writeString(place.resolve(file.getKey()), file.getValue());
    }
    return place;
  }

  /**
   * Boxes are the readers' own; interpreters, and what has been made of them, are this machine's.
   */
  private static Path cache() throws IOException {
    var home = directory.resolve("cache");
    if (Files.notExists(home)) {
      var cache = Files.createDirectories(home.resolve("vivarium"));
      for (var shared : List.of("runtimes", "modules", "boots", "guests")) {
        var original = CacheDirectory.of(System.getenv()).resolve(shared);
        link(cache.resolve(shared), Files.createDirectories(original));
      }
    }
    return home;
  }

  private static LocalRegistry registry() throws Exception {
    if (registry == null) {
      Assumptions.assumeTrue(LocalRegistry.isInstalled(), "docker-registry is not installed");
      registry = LocalRegistry.start(Files.createDirectory(directory.resolve("registry")));
    }
    return registry;
  }

  @AfterAll
  static void endRegistry() throws InterruptedException {
    if (registry != null) {
      registry.close();
    }
  }

  private static void link(Path link, Path target) throws IOException {
    LINKS.add(Files.createSymbolicLink(link, target));
  }

  /** What is behind them must not look as if it were to be deleted, too. */
  @AfterAll
  static void removeLinks() throws IOException {
    for (var link : LINKS) {
      Files.delete(link);
    }
  }
}
