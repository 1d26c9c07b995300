package dev.vivarium.image.build;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a {@code .dockerignore} leaves out of the context: each line is a pattern, and the last that
 * matches a path, or a directory that it is in, decides; {@code !} in front keeps what it matches.
 */
final class IgnoreFile {
  /** Leaves nothing out. */
  static final IgnoreFile EMPTY = new IgnoreFile(List.of());

  private final List<Rule> rules;

  private record Rule(boolean keeps, PathPattern pattern) {}

  private IgnoreFile(List<Rule> rules) {
    this.rules = rules;
  }

  /**
   * Reads the lines of a file.
   *
   * @param warnings told of patterns that are malformed, a line each
   */
  static IgnoreFile parse(String file, String content, Consumer<String> warnings) {
    var rules = new ArrayList<Rule>();
    var lines = content.replaceFirst("^\ufeff", "").split("\n");
    for (int i = 0; i < lines.length; i++) {
      int number = i + 1;
      if (lines[i].startsWith("#") || lines[i].isBlank()) {
        continue;
      }
      var text = lines[i].strip();
      boolean keeps = text.startsWith("!");
      PathPattern.withDirectories(clean(keeps ? text.substring(1).strip() : text))
          .ifPresentOrElse(
              pattern -> rules.add(new Rule(keeps, pattern)),
              () -> warnings.accept(file + ":" + number + ": a malformed pattern is ignored"));
    }
    return new IgnoreFile(rules);
  }

  /** What patterns of an instruction's own leave out, such as {@code --exclude}'s. */
  static IgnoreFile of(List<String> patterns) {
    return parse("", String.join("\n", patterns), ignored -> {});
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
