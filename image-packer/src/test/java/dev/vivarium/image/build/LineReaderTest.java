package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private final List<String> warnings = new ArrayList<>();

  private List<LogicalLine> read(String... lines) throws DockerfileException {
    return LineReader.read("Dockerfile", String.join("\n", lines).getBytes(UTF_8), warnings::add);
  }

  private List<String> texts(String... lines) throws DockerfileException {
    return read(lines).stream().map(LogicalLine::text).toList();
  }

  private void refusedAt(int line, byte[] content) {
    assertThatExceptionOfType(DockerfileException.class)
        .isThrownBy(() -> LineReader.read("Dockerfile", content, warnings::add))
        .satisfies(e -> assertThat(e.line()).isEqualTo(line));
  }

  private void refusedAt(int line, String... lines) {
    refusedAt(line, String.join("\n", lines).getBytes(UTF_8));
  }

  @Test
  void commentsAndEmptyLinesAreNoInstructions() throws DockerfileException {
    assertThat(texts("# a comment", "", "  # another", "FROM a", "\t", "RUN b # c", ""))
        .containsExactly("FROM a", "RUN b # c");
  }

  @Test
  void aLineThatEndsWithTheEscapeGoesOn() throws DockerfileException {
    assertThat(texts("RUN a \\", "  b\\  ", "c", "RUN d")).containsExactly("RUN a   bc", "RUN d");
  }

  @Test
  void anEscapedEscapeAtTheEndIsNoContinuation() throws DockerfileException {
    assertThat(texts("RUN a\\\\", "RUN b")).containsExactly("RUN a\\\\", "RUN b");
  }

  @Test
  void commentsAmongContinuedLinesAreLeftOut() throws DockerfileException {
    assertThat(texts("RUN a \\", "# why", "  # and this", "b")).containsExactly("RUN a b");
    assertThat(warnings).isEmpty();
  }

  @Test
  void anEmptyLineInAContinuedInstructionIsWarnedAbout() throws DockerfileException {
    assertThat(texts("RUN a \\", "", "b")).containsExactly("RUN a b");
    assertThat(warnings).singleElement().asString().startsWith("Dockerfile:2:");
  }

  @Test
  void aLineKnowsWhereItBegins() throws DockerfileException {
    assertThat(read("", "FROM a", "RUN b \\", " c", "RUN d"))
        .extracting(LogicalLine::number)
        .containsExactly(2, 3, 5);
  }

  @Test
  void carriageReturnsAndAByteOrderMarkAreNoText() throws DockerfileException {
    assertThat(texts("\ufeffFROM a\r", "RUN b \\\r", "c\r", ""))
        .containsExactly("FROM a", "RUN b c");
  }

  @Test
  void theEscapeDirectiveChoosesTheEscape() throws DockerfileException {
    assertThat(texts("# Escape = `", "RUN a `", "b", "COPY c\\", "RUN d"))
        .containsExactly("RUN a b", "COPY c\\", "RUN d");
    assertThat(read("# escape=`", "RUN a").get(0).escape()).isEqualTo('`');
  }

  @Test
  void aDirectiveBehindAnythingElseIsAComment() throws DockerfileException {
    assertThat(read("# a comment", "# escape=`", "RUN a").get(0).escape()).isEqualTo('\\');
    assertThat(read("", "# escape=`", "RUN a").get(0).escape()).isEqualTo('\\');
    assertThat(read("# unknown=x", "# escape=`", "RUN a").get(0).escape()).isEqualTo('\\');
  }

  @Test
  void theSyntaxDirectiveIsHeededOnlyWhereItIsOurs() throws DockerfileException {
    read("# syntax=docker/dockerfile:1.7", "# check=skip=all", "FROM a");
    assertThat(warnings).isEmpty();
    read("# syntax=example/other", "FROM a");
    assertThat(warnings).hasSize(1);
  }

  @Test
  void wrongAndRepeatedDirectivesAreRefused() {
    refusedAt(1, "# escape=x", "FROM a");
    refusedAt(2, "# escape=`", "# escape=`", "FROM a");
  }

  @Test
  void aHereDocumentIsNoInstruction() throws DockerfileException {
    var lines = read("RUN python <<EOF", "print(1)", "# no comment \\", "", "EOF", "RUN b");
    assertThat(lines).extracting(LogicalLine::text).containsExactly("RUN python <<EOF", "RUN b");
    assertThat(lines.get(0).heredocs())
        .containsExactly(new Heredoc("EOF", true, "print(1)\n# no comment \\\n\n"));
    assertThat(lines.get(1).number()).isEqualTo(6);
  }

  @Test
  void severalHereDocumentsFollowInTheirOrder() throws DockerfileException {
    assertThat(read("COPY <<a <<-'b' /to/", "1", "a", "\t\t2", "\tb").get(0).heredocs())
        .containsExactly(new Heredoc("a", true, "1\n"), new Heredoc("b", false, "2\n"));
  }

  @Test
  void onlyInstructionsThatTakeFilesHaveHereDocuments() throws DockerfileException {
    assertThat(texts("CMD cat <<EOF", "RUN a")).containsExactly("CMD cat <<EOF", "RUN a");
    assertThat(texts("RUN a <<<b", "RUN '<<c'")).hasSize(2);
  }

  @Test
  void aHereDocumentHasToEnd() {
    refusedAt(2, "FROM a", "RUN <<EOF", "a");
  }

  @Test
  void whatIsNoTextIsRefusedWithItsLine() {
    refusedAt(2, new byte[] {'F', '\n', (byte) 0xff});
    refusedAt(3, new byte[] {'F', '\n', '\n', 0});
    refusedAt(1, new byte[LineReader.MOST_BYTES + 1]);
  }

  @Test
  void aContinuationOfNothingIsRefused() {
    refusedAt(1, "\\", "");
  }
}
