package dev.vivarium.conformance.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the documentation, and what of it is not prose.
 *
 * @param name the file's, from the top of the project
 * @param indented lines outside of fences that begin as code does without them
 */
record Page(String name, List<Block> blocks, List<Span> spans, List<String> indented) {
  static final Path TOP = Path.of("..");

  private static final Pattern SPAN = Pattern.compile("`([^`]+)`");

  /**
   * What is between two fences.
   *
   * @param place where it begins, for people
   * @param language as the first fence has it; may be empty
   */
  record Block(String place, String language, String text) {
    @Override
    public String toString() {
      return place;
    }
  }

  /** Code within a line. */
  record Span(String place, String text) {}

  /** README and all of docs. */
  static List<Page> all() throws IOException {
    try (var docs = Files.list(TOP.resolve("docs"))) {
      return Stream.concat(Stream.of(TOP.resolve("README.md")), docs.sorted())
          .filter(file -> file.toString().endsWith(".md"))
          .map(Page::read)
          .toList();
    }
  }

  static Page read(Path file) {
    var name = TOP.relativize(file).toString();
    var blocks = new ArrayList<Block>();
    var spans = new ArrayList<Span>();
    var indented = new ArrayList<String>();
    List<String> fenced = null;
    String begin = "";
    int number = 0;
    for (var line : lines(file)) {
      number++;
      if (line.startsWith("```") && fenced == null) {
        fenced = new ArrayList<>();
        begin = line.substring(3);
      } else if (line.startsWith("```")) {
        int first = number - fenced.size();
        var text = fenced.stream().map(l -> l + "\n").collect(Collectors.joining());
        blocks.add(new Block(name + ":" + first, begin, text));
        fenced = null;
      } else if (fenced != null) {
        fenced.add(line);
      } else {
        var place = name + ":" + number;
        if (line.startsWith("    ")) {
          indented.add(place);
        }
        SPAN.matcher(line).results().forEach(m -> spans.add(new Span(place, m.group(1))));
      }
    }
    return new Page(name, blocks, spans, indented);
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
