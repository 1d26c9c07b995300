package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a Dockerfile apart into logical lines: parser directives, comments, continuations and
 * here-documents, as Docker's reference has them.
 */
final class LineReader {
  /** Far beyond any Dockerfile; a bound on what all later steps have to hold. */
  static final int MOST_BYTES = 1 << 20;

  private static final Pattern DIRECTIVE =
      Pattern.compile("#\\s*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(\\S.*)");
  private static final Set<String> WITH_HEREDOCS = Set.of("ADD", "COPY", "RUN");

  private final String file;
  private final String[] lines;
  private final Consumer<String> warnings;
  private char escape = '\\';
  private int next;

  private LineReader(String file, String[] lines, Consumer<String> warnings) {
    this.file = file;
    this.lines = lines;
    this.warnings = warnings;
  }

  /**
   * The logical lines of a file.
   *
   * @param file what messages call it
   * @param warnings told what may not be as it was meant, a line each
   */
  static List<LogicalLine> read(String file, byte[] content, Consumer<String> warnings)
      throws DockerfileException {
    var reader = new LineReader(file, decode(file, content).split("\n", -1), warnings);
    reader.readDirectives();
    var result = new ArrayList<LogicalLine>();
    for (LogicalLine line; (line = reader.readLine()) != null; ) {
      result.add(line);
    }
    return result;
  }

  private static String decode(String file, byte[] content) throws DockerfileException {
    if (content.length > MOST_BYTES) {
      throw new DockerfileException(file, 1, "larger than " + (MOST_BYTES >> 10) + " KiB");
    }
    var bytes = ByteBuffer.wrap(content);
    try {
      var text = UTF_8.newDecoder().decode(bytes).toString();
      int nul = text.indexOf(0);
      if (nul >= 0) {
        throw new DockerfileException(file, lineOf(text, nul), "a NUL character");
      }
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      var good = new String(content, 0, bytes.position(), UTF_8);
      throw new DockerfileException(file, lineOf(good, good.length()), "not UTF-8");
    }
  }

  private static int lineOf(String text, int end) {
    return 1 + (int) text.chars().limit(end).filter(c -> c == '\n').count();
  }

  private void readDirectives() throws DockerfileException {
    var seen = new HashSet<String>();
    while (next < lines.length) {
      var directive = DIRECTIVE.matcher(lines[next].stripTrailing());
      if (!directive.matches() || !readDirective(directive, seen)) {
        return;
      }
      next++;
    }
  }

  /** Whether it is a directive that is known; any other is a comment, and ends them. */
  private boolean readDirective(Matcher directive, Set<String> seen) throws DockerfileException {
    var name = directive.group(1).toLowerCase(Locale.ROOT);
    var value = directive.group(2);
    switch (name) {
      case "escape" -> {
        if (!value.equals("\\") && !value.equals("`")) {
          throw error("the escape directive is '" + value + "'; it can be \\ or `");
        }
        escape = value.charAt(0);
      }
      case "syntax" -> {
        if (!value.matches("(docker\\.io/)?docker/dockerfile(:.*)?")) {
          warn("the syntax " + value + " is not used; this is read as docker/dockerfile:1");
        }
      }
      case "check" -> {
        // Says which checks of Docker's are skipped: there are none here.
      }
      default -> {
        return false;
      }
    }
    if (!seen.add(name)) {
      throw error("a second " + name + " directive");
    }
    return true;
  }

  private LogicalLine readLine() throws DockerfileException {
    while (next < lines.length && isSkipped(lines[next])) {
      next++;
    }
    if (next == lines.length) {
      return null;
    }
    int number = next + 1;
    var text = new StringBuilder();
    boolean continued = append(text, lines[next++].stripLeading());
    while (continued && next < lines.length) {
      var line = lines[next++];
      if (line.isBlank() && next < lines.length) {
        warn(next, "an empty line in a continued instruction");
      } else if (!isSkipped(line)) {
        continued = append(text, line);
      }
    }
    var line = new LogicalLine(file, number, escape, text.toString().strip(), List.of());
    if (line.text().isEmpty()) {
      throw line.error("a continuation of nothing");
    }
    return withHeredocs(line);
  }

  private static boolean isSkipped(String line) {
    var start = line.stripLeading();
    return start.isEmpty() || start.charAt(0) == '#';
  }

  /** Adds a line without its continuation; whether it had one. An escaped escape is none. */
  private boolean append(StringBuilder text, String line) {
    var end = line.stripTrailing();
    int last = end.length() - 1;
    if (last >= 0 && end.charAt(last) == escape && (last == 0 || end.charAt(last - 1) != escape)) {
      text.append(end, 0, last);
      return true;
    }
    text.append(stripEnd(line));
    return false;
  }

  /** The here-documents that an instruction announces. */
  static List<HeredocMark> announced(String text, char escape) {
    var words = WordSplitter.split(text, escape);
    int first = words.isEmpty() || !words.get(0).equalsIgnoreCase("ONBUILD") ? 0 : 1;
    if (words.size() <= first
        || !WITH_HEREDOCS.contains(words.get(first).toUpperCase(Locale.ROOT))) {
      return List.of();
    }
    return words.subList(first + 1, words.size()).stream()
        .flatMap(word -> HeredocMark.of(word, escape).stream())
        .toList();
  }

  private LogicalLine withHeredocs(LogicalLine line) throws DockerfileException {
    var heredocs = new ArrayList<Heredoc>();
    for (var mark : announced(line.text(), escape)) {
      heredocs.add(readHeredoc(line, mark));
    }
    return new LogicalLine(file, line.number(), escape, line.text(), List.copyOf(heredocs));
  }

  private Heredoc readHeredoc(LogicalLine line, HeredocMark mark) throws DockerfileException {
    var content = new StringBuilder();
    while (next < lines.length) {
      var text = lines[next++];
      if (mark.stripsTabs()) {
        text = text.replaceFirst("^\t+", "");
      }
      if (stripEnd(text).equals(mark.name())) {
        return new Heredoc(mark.name(), mark.expands(), content.toString());
      }
      content.append(text).append('\n');
    }
    throw line.error("no line ends the here-document: " + mark.name());
  }

  private static String stripEnd(String line) {
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private DockerfileException error(String message) {
    return new DockerfileException(file, next + 1, message);
  }

  private void warn(String message) {
    warn(next + 1, message);
  }

  private void warn(int line, String message) {
    warnings.accept(file + ":" + line + ": " + message);
  }
}
