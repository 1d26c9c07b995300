package dev.vivarium.image.build;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A pattern of paths, as Go's {@code filepath.Match} has them: {@code *} and {@code ?} do not match
 * a slash, {@code [a-z]} and {@code [^a-z]} match one character, a backslash takes what follows as
 * it is. With {@code **}, which some places know, any number of directories.
 *
 * <p>All ways to match are followed at once, so the time is the product of the two lengths,
 * whatever the pattern is.
 */
final class PathPattern {

  /** One part of a pattern. */
  private sealed interface Part {
    /** Whether a character is matched by this part. */
    boolean matches(char c);

    /** Whether this part may match any number of characters, none too. */
    default boolean repeats() {
      return false;
    }
  }

  private record Literal(char wanted) implements Part {
    @Override
    public boolean matches(char c) {
      return c == wanted;
    }
  }

  private record AnyCharacter() implements Part {
    @Override
    public boolean matches(char c) {
      return c != '/';
    }
  }

  private record AnyName() implements Part {
    @Override
    public boolean matches(char c) {
      return c != '/';
    }

    @Override
    public boolean repeats() {
      return true;
    }
  }

  /** Any text: what a {@code **} at the end is. */
  private record AnyPath() implements Part {
    @Override
    public boolean matches(char c) {
      return true;
    }

    @Override
    public boolean repeats() {
      return true;
    }
  }

  /** Nothing, or any text that ends with a slash: {@code **}{@code /}. */
  private record AnyDirectories() implements Part {
    @Override
    public boolean matches(char c) {
      return true;
    }
  }

  private record OneOf(boolean negated, String ranges) implements Part {
    @Override
    public boolean matches(char c) {
      boolean found = false;
      for (int i = 0; i < ranges.length(); i += 2) {
        found |= ranges.charAt(i) <= c && c <= ranges.charAt(i + 1);
      }
      return c != '/' && found != negated;
    }
  }

  private final List<Part> parts = new ArrayList<>();
  private final String text;
  private int at;

  private PathPattern(String text) {
    this.text = text;
  }

  /** A pattern without {@code **}; nothing if the text is malformed. */
  static Optional<PathPattern> of(String text) {
    var pattern = new PathPattern(text);
    return pattern.parse(false) ? Optional.of(pattern) : Optional.empty();
  }

  /** A pattern in which {@code **} stands for directories; nothing if the text is malformed. */
  static Optional<PathPattern> withDirectories(String text) {
    var pattern = new PathPattern(text);
    return pattern.parse(true) ? Optional.of(pattern) : Optional.empty();
  }

  /** Whether a text has any character that is special in a pattern. */
  static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '\\');
  }

  private boolean parse(boolean directories) {
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case '*' -> star(directories);
        case '?' -> parts.add(new AnyCharacter());
        case '[' -> {
          if (!oneOf()) {
            return false;
          }
        }
        case '\\' -> {
          if (at == text.length()) {
            return false;
          }
          parts.add(new Literal(text.charAt(at++)));
        }
        default -> parts.add(new Literal(c));
      }
    }
    return true;
  }

  private void star(boolean directories) {
    if (!directories || at == text.length() || text.charAt(at) != '*') {
      parts.add(new AnyName());
      return;
    }
    at++;
    if (at < text.length() && text.charAt(at) == '/') {
      at++;
      parts.add(new AnyDirectories());
    } else {
      parts.add(at == text.length() ? new AnyPath() : new AnyDirectories());
    }
  }

  /** Reads what is behind a bracket; false if it is malformed. */
  private boolean oneOf() {
    boolean negated = at < text.length() && text.charAt(at) == '^';
    if (negated) {
      at++;
    }
    var ranges = new StringBuilder();
    while (at < text.length() && (text.charAt(at) != ']' || ranges.length() == 0)) {
      int from = member();
      int to = from;
      if (from >= 0 && at < text.length() && text.charAt(at) == '-') {
        at++;
        to = member();
      }
      if (from < 0 || to < 0) {
        return false;
      }
      ranges.append((char) from).append((char) to);
    }
    parts.add(new OneOf(negated, ranges.toString()));
    return at < text.length() && text.charAt(at++) == ']';
  }

  /** A character of a class, -1 if there is none. */
  private int member() {
    if (at < text.length() && text.charAt(at) == '\\') {
      at++;
    } else if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == ']')) {
      return -1;
    }
    return at == text.length() ? -1 : text.charAt(at++);
  }

  /** Whether the whole path matches. */
  boolean matches(String path) {
    var states = new BitSet(parts.size() + 1);
    reach(states, 0);
    for (int i = 0; i < path.length() && !states.isEmpty(); i++) {
      states = step(states, path.charAt(i));
    }
    return states.get(parts.size());
  }

  private BitSet step(BitSet states, char c) {
    var next = new BitSet(parts.size() + 1);
    for (int s = states.nextSetBit(0); s >= 0 && s < parts.size(); s = states.nextSetBit(s + 1)) {
      var part = parts.get(s);
      if (part instanceof AnyDirectories) {
        next.set(s);
        if (c == '/') {
          reach(next, s + 1);
        }
      } else if (part.matches(c)) {
        reach(next, part.repeats() ? s : s + 1);
      }
    }
    return next;
  }

  /** Adds a state, and those that nothing more is needed for. */
  private void reach(BitSet states, int from) {
    int state = from;
    states.set(state);
    while (state < parts.size()
        && (parts.get(state).repeats() || parts.get(state) instanceof AnyDirectories)) {
      states.set(++state);
    }
  }
}
