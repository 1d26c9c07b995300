package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The environment of a run of Ruby.
 *
 * @param all {@code NAME=value} strings
 * @param read those that the interpreter reads while it starts
 */
record RubyEnvironment(List<byte[]> all, List<byte[]> read) {
  private static final List<String> READ_PREFIXES = List.of("RUBY", "GEM", "BUNDLE", "LC_", "XDG_");
  private static final List<String> READ = List.of("HOME", "PATH", "LANG", "TZ", "TMPDIR", "USER");

  static RubyEnvironment of(List<byte[]> all) {
    return new RubyEnvironment(
        all, all.stream().filter(variable -> isRead(new String(variable, UTF_8))).toList());
  }

  private static boolean isRead(String variable) {
    var name = variable.substring(0, Math.max(0, variable.indexOf('=')));
    return READ.contains(name) || READ_PREFIXES.stream().anyMatch(name::startsWith);
  }

  /** All of it as a literal of a Hash. */
  String literal() {
    return all.stream()
        .map(variable -> new String(variable, UTF_8).split("=", 2))
        .map(pair -> RubyLiteral.string(pair[0]) + " => " + RubyLiteral.string(pair[1]))
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
