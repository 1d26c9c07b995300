package dev.vivarium.vfs.nio;

import java.nio.file.PathMatcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Globs as {@link java.nio.file.FileSystem#getPathMatcher} defines them, as regular expressions.
 */
final class Glob {
  private static final String SPECIAL = "\\^$.|?*+()[]{}";

  private final String glob;
  private final StringBuilder regex = new StringBuilder();
  private int at;
  private boolean inGroup;

  private Glob(String glob) {
    this.glob = glob;
  }

  /**
   * A matcher for {@code glob:PATTERN} or {@code regex:PATTERN}.
   *
   * @throws IllegalArgumentException without a syntax or a pattern
   * @throws PatternSyntaxException if the pattern is malformed
   * @throws UnsupportedOperationException for another syntax
   */
  static PathMatcher matcher(String syntaxAndPattern) {
    int colon = syntaxAndPattern.indexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("not SYNTAX:PATTERN: " + syntaxAndPattern);
    }
    String syntax = syntaxAndPattern.substring(0, colon);
    String text = syntaxAndPattern.substring(colon + 1);
    Pattern pattern;
    if (syntax.equalsIgnoreCase("glob")) {
      // A name can have any character, line ends too.
      pattern = Pattern.compile(new Glob(text).toRegex(), Pattern.DOTALL);
    } else if (syntax.equalsIgnoreCase("regex")) {
      pattern = Pattern.compile(text);
    } else {
      throw new UnsupportedOperationException("Syntax '" + syntax + "' not recognized");
    }
    return path -> pattern.matcher(path.toString()).matches();
  }

  private String toRegex() {
    while (at < glob.length()) {
      char c = glob.charAt(at++);
      switch (c) {
        case '*' -> {
          if (at < glob.length() && glob.charAt(at) == '*') {
            at++;
            regex.append(".*");
          } else {
            regex.append("[^/]*");
          }
        }
        case '?' -> regex.append("[^/]");
        case '[' -> bracket();
        case '{' -> {
          if (inGroup) {
            throw malformed("Cannot nest groups");
          }
          inGroup = true;
          regex.append("(?:(?:");
        }
        case '}' -> {
          if (inGroup) {
            regex.append("))");
            inGroup = false;
          } else {
            regex.append("\\}");
          }
        }
        case ',' -> regex.append(inGroup ? ")|(?:" : ",");
        case '\\' -> {
          if (at == glob.length()) {
            throw malformed("No character to escape");
          }
          literal(glob.charAt(at++));
        }
        default -> literal(c);
      }
    }
    if (inGroup) {
      throw malformed("Missing '}'");
    }
    return regex.toString();
  }

  private void bracket() {
    regex.append("(?!/)[");
    if (at < glob.length() && glob.charAt(at) == '!') {
      regex.append('^');
      at++;
    }
    int first = at;
    char last = 0;
    while (at < glob.length() && glob.charAt(at) != ']') {
      char c = glob.charAt(at++);
      if (c == '/') {
        throw malformed("Explicit '/' in class");
      }
      boolean isRange = c == '-' && last != 0 && at < glob.length() && glob.charAt(at) != ']';
      if (isRange) {
        char end = glob.charAt(at++);
        if (end < last) {
          throw malformed("Invalid range");
        }
        regex.append('-');
        classMember(end);
        last = 0;
      } else {
        classMember(c);
        last = c;
      }
    }
    if (at == glob.length() || at == first) {
      throw malformed("Missing ']'");
    }
    at++;
    regex.append(']');
  }

  private void classMember(char c) {
    // Within a class the platform's regular expressions give these a meaning.
    if ("\\[]^-&".indexOf(c) >= 0) {
      regex.append('\\');
    }
    regex.append(c);
  }

  private void literal(char c) {
    if (SPECIAL.indexOf(c) >= 0) {
      regex.append('\\');
    }
    regex.append(c);
  }

  private PatternSyntaxException malformed(String why) {
    return new PatternSyntaxException(why, glob, at - 1);
  }
}
