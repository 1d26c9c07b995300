package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.vivarium.image.build.Instruction.Cmd;
import dev.vivarium.image.build.Instruction.Copy;
import dev.vivarium.image.build.Instruction.Entrypoint;
import dev.vivarium.image.build.Instruction.Env;
import dev.vivarium.image.build.Instruction.From;
import dev.vivarium.image.build.Instruction.Label;
import dev.vivarium.image.build.Instruction.OnBuild;
import dev.vivarium.image.build.Instruction.Run;
import dev.vivarium.image.build.Instruction.Shell;
import dev.vivarium.image.build.Instruction.Variable;
import dev.vivarium.image.build.Instruction.Volume;
import dev.vivarium.image.build.Instruction.Workdir;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTest {
  private final List<String> warnings = new ArrayList<>();

  private Dockerfile parse(String... lines) throws DockerfileException {
    return Dockerfile.parse("Dockerfile", String.join("\n", lines).getBytes(UTF_8), warnings::add);
  }

  private Instruction instruction(String... lines) throws DockerfileException {
    var file = new ArrayList<>(List.of("FROM scratch"));
    file.addAll(List.of(lines));
    return parse(file.toArray(new String[0])).stages().get(0).instructions().get(0);
  }

  private static Variable variable(String name, String value) {
    return new Variable(name, Optional.of(value));
  }

  @Test
  void stagesHaveTheirInstructions() throws DockerfileException {
    var file =
        parse(
            "ARG V=3", "from python:$V as Build", "RUN a", "FROM --platform=wasi/wasm b", "CMD c");
    assertThat(file.arguments()).hasSize(1);
    assertThat(file.stages()).hasSize(2);
    assertThat(file.stages().get(0).from())
        .extracting(From::image, From::name)
        .containsExactly("python:$V", Optional.of("build"));
    assertThat(file.stages().get(0).instructions()).hasOnlyElementsOfType(Run.class);
    assertThat(file.stages().get(1).from().platform()).contains("wasi/wasm");
    assertThat(file.stages().get(1).instructions()).hasOnlyElementsOfType(Cmd.class);
  }

  @Test
  void pairsKeepTheirQuotesUntilTheyAreExpanded() throws DockerfileException {
    assertThat(((Env) instruction("ENV a=1 b='x y' \"c\"=z\\ z")).variables())
        .containsExactly(variable("a", "1"), variable("b", "'x y'"), variable("\"c\"", "z\\ z"));
    assertThat(((Label) instruction("LABEL a.b=\"c=d\"")).labels())
        .containsExactly(variable("a.b", "\"c=d\""));
  }

  @Test
  void theOldFormOfAPairTakesTheRestOfTheLine() throws DockerfileException {
    assertThat(((Env) instruction("ENV a b c = d")).variables())
        .containsExactly(variable("a", "b c = d"));
  }

  @Test
  void anArgumentMayHaveNoDefault() throws DockerfileException {
    assertThat(((Instruction.Arg) instruction("ARG a b=c")).variables())
        .containsExactly(new Variable("a", Optional.empty()), variable("b", "c"));
  }

  @Test
  void commandsAreForTheSystemOrForAShell() throws DockerfileException {
    assertThat(((Cmd) instruction("CMD [ \"python\", \"a\\u0041\\n\\\"\" ]")).command())
        .isEqualTo(new CommandForm.Exec(List.of("python", "aA\n\"")));
    assertThat(((Cmd) instruction("CMD []")).command()).isEqualTo(new CommandForm.Exec(List.of()));
    assertThat(((Entrypoint) instruction("ENTRYPOINT python  a.py")).command())
        .isEqualTo(new CommandForm.Shell("python  a.py"));
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatLooksLikeJsonAndIsNoneIsWarnedAbout() throws DockerfileException {
    assertThat(((Cmd) instruction("CMD ['python', 'a']")).command())
        .isInstanceOf(CommandForm.Shell.class);
    assertThat(warnings).singleElement().asString().startsWith("Dockerfile:2:");
  }

  @Test
  void copyHasSourcesADestinationAndFlags() throws DockerfileException {
    var copy =
        (Copy)
            instruction(
                "COPY --from=build --chown=1:2 --chmod=755 --link --exclude=a --exclude=b x y z/");
    assertThat(copy.sources()).containsExactly("x", "y");
    assertThat(copy.destination()).isEqualTo("z/");
    assertThat(copy.extracts()).isFalse();
    assertThat(copy.flags())
        .isEqualTo(
            new Instruction.CopyFlags(
                Optional.of("build"), Optional.of("1:2"), Optional.of("755"), List.of("a", "b")));
    assertThat(((Copy) instruction("ADD [\"a b\", \"c\"]")).sources()).containsExactly("a b");
    assertThat(((Copy) instruction("ADD a b")).extracts()).isTrue();
  }

  @Test
  void copyTakesHereDocuments() throws DockerfileException {
    var copy = (Copy) instruction("COPY <<a.txt /x/", "hello", "a.txt");
    assertThat(copy.line().heredocs()).extracting(Heredoc::content).containsExactly("hello\n");
  }

  @Test
  void namesAreReadInAnyCase() throws DockerfileException {
    assertThat(instruction("wOrKdIr /a b")).isInstanceOf(Workdir.class);
    assertThat(((Workdir) instruction("WORKDIR /a b")).path()).isEqualTo("/a b");
    assertThat(((Volume) instruction("VOLUME /a /b")).paths()).containsExactly("/a", "/b");
    assertThat(((Shell) instruction("SHELL [\"/bin/sh\"]")).words()).containsExactly("/bin/sh");
  }

  @Test
  void aSecondStageOfANameIsWarnedAbout() throws DockerfileException {
    assertThat(parse("FROM a AS b", "FROM c", "FROM d", "FROM e AS B").stages()).hasSize(4);
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("Dockerfile:4: another stage is named b");
  }

  @Test
  void aTriggerIsCheckedWhenItIsRead() throws DockerfileException {
    var trigger = ((OnBuild) instruction("ONBUILD copy . /a")).trigger();
    assertThat(trigger).isInstanceOf(Copy.class);
    assertThat(trigger.line().text()).isEqualTo("copy . /a");
  }

  @Test
  void whatNothingWouldUseIsWarnedAbout() throws DockerfileException {
    instruction("HEALTHCHECK CMD true");
    instruction("RUN --network=host a");
    instruction("RUN --security=insecure a");
    assertThat(warnings)
        .hasSize(3)
        .allSatisfy(warning -> assertThat(warning).startsWith("Dockerfile:"));
    instruction("HEALTHCHECK NONE");
    instruction("RUN --network=none --security=sandbox a");
    assertThat(warnings).hasSize(3);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "FORM a",
        "RUN",
        "WORKDIR",
        "FROM",
        "FROM a b",
        "FROM a AS scratch",
        "FROM a AS 1",
        "FROM --platform= a",
        "FROM --x=y a",
        "ENV a",
        "ENV a=b c",
        "ENV =b",
        "LABEL a=b c",
        "ARG 1=2",
        "ARG a-b",
        "COPY a",
        "COPY --from=a",
        "COPY --parents a b",
        "COPY --from=a --from=b c d",
        "COPY --link=maybe a b",
        "ADD --from=a b c",
        "RUN --mount=type=cache,target=/a b",
        "RUN --mount=type=bind,target=/a --network=none b",
        "RUN --network=none",
        "RUN --network=bridge a",
        "RUN --security=none a",
        "RUN --device=gpu a",
        "SHELL /bin/sh",
        "SHELL []",
        "ONBUILD ONBUILD RUN a",
        "ONBUILD FROM a",
        "ONBUILD nothing a",
      })
  void whatIsWrongIsRefusedWithItsLine(String line) {
    assertThatExceptionOfType(DockerfileException.class)
        .isThrownBy(() -> parse("FROM scratch", "", line))
        .satisfies(e -> assertThat(e.line()).isEqualTo(3))
        .withMessageStartingWith("Dockerfile:3: ");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "# only a comment", "ARG a=b", "RUN a"})
  void aDockerfileBeginsWithAStage(String content) {
    assertThatExceptionOfType(DockerfileException.class).isThrownBy(() -> parse(content));
  }

  @Test
  void whateverTheBytesAreNothingElseIsThrown() {
    var pieces =
        List.of(
            "FROM ",
            "a",
            " AS ",
            "\n",
            "\\\n",
            "RUN ",
            "<<EOF",
            "EOF\n",
            "\"",
            "'",
            "[",
            "]",
            ",",
            "${",
            "}",
            ":-",
            "--from=",
            "ENV ",
            "=",
            "# escape=`\n",
            "`",
            "ONBUILD ",
            "COPY ",
            "\r\n",
            "\t",
            "\u00e9",
            "ARG ",
            "HEALTHCHECK ",
            "{",
            "\\u12");
    for (int seed = 0; seed < 20_000; seed++) {
      var random = new Random(seed);
      var text = new StringBuilder(random.nextBoolean() ? "FROM a\n" : "");
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      try {
        Dockerfile.parse(
            "f", text.toString().getBytes(random.nextInt(9) == 0 ? ISO_8859_1 : UTF_8), w -> {});
      } catch (DockerfileException e) {
        assertThat(e.line()).as(text.toString()).isPositive();
      }
    }
  }
}
