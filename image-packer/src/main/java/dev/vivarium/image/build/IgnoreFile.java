package dev.vivarium.image.build;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code .dockerignore} leaves out of the context: each line is a pattern, and the last that
 * matches a path, or a directory that it is in, decides; {@code !} in front keeps what it matches.
 */
final class IgnoreFile {
  /** Leaves nothing out. */
  static final IgnoreFile EMPTY = new IgnoreFile(List.of());

  private final List<Rule> rules;

  private record Rule(boolean keeps, PathPattern pattern) {

    /**
     * What a pattern is, without blanks around it.
     *
     * @throws IllegalArgumentException if it is none; the message is for people
     */
    static Rule of(String text) {
      boolean keeps = text.startsWith("!");
      var pattern = keeps ? text.substring(1).strip() : text;
      if (pattern.isEmpty()) {
        throw new IllegalArgumentException("no pattern is behind the '!'");
      }
      return PathPattern.withDirectories(clean(pattern))
          .map(parsed -> new Rule(keeps, parsed))
          .orElseThrow(() -> new IllegalArgumentException("'" + pattern + "' is no pattern"));
    }
  }

  private IgnoreFile(List<Rule> rules) {
    this.rules = rules;
  }

  /**
   * Reads the lines of a file.
   *
   * @param file what messages call it
   * @throws DockerfileException if a line is no pattern: what it was meant to keep out would be in
   *     the box
   */
  static IgnoreFile parse(String file, String content) throws DockerfileException {
    var rules = new ArrayList<Rule>();
    var lines = content.replaceFirst("^\ufeff", "").split("\n");
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].startsWith("#") || lines[i].isBlank()) {
        continue;
      }
      try {
        rules.add(Rule.of(lines[i].strip()));
      } catch (IllegalArgumentException e) {
        throw new DockerfileException(file, i + 1, e.getMessage());
      }
    }
    return new IgnoreFile(rules);
  }

  /**
   * What the patterns of {@code --exclude} leave out.
   *
   * @param line where they are
   * @throws DockerfileException if one is no pattern
   */
  static IgnoreFile excluding(LogicalLine line, List<String> patterns) throws DockerfileException {
    var rules = new ArrayList<Rule>();
    for (var pattern : patterns) {
      try {
        if (!pattern.isBlank()) {
          rules.add(Rule.of(pattern.strip()));
        }
      } catch (IllegalArgumentException e) {
        throw line.error("--exclude=" + pattern + ": " + e.getMessage());
      }
    }
    return new IgnoreFile(rules);
  }

  /** Without empty and dot names, and without those that {@code ..} takes back. */
  private static String clean(String pattern) {
    var names = new ArrayList<String>();
    for (var name : pattern.split("/")) {
      if (name.equals("..") && !names.isEmpty()) {
        names.remove(names.size() - 1);
      } else if (!name.isEmpty() && !name.equals(".") && !name.equals("..")) {
        names.add(name);
      }
    }
    return String.join("/", names);
  }

  /** Whether a path is left out: names separated by slashes, from the context's root. */
  boolean excludes(String path) {
    boolean excluded = false;
    for (var rule : rules) {
      if (excluded == rule.keeps && matchesAnyPrefix(rule.pattern, path)) {
        excluded = !rule.keeps;
      }
    }
    return excluded;
  }

  /** Whether some path below one that is left out may be kept. */
  boolean keepsAnything() {
    return rules.stream().anyMatch(Rule::keeps);
  }

  private static boolean matchesAnyPrefix(PathPattern pattern, String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (pattern.matches(path.substring(0, slash))) {
        return true;
      }
    }
    return pattern.matches(path);
  }
}
