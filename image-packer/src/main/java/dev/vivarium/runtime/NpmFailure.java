package dev.vivarium.runtime;

import java.util.List;
import java.util.Set;

/** Makes one line of the many that npm says when it fails. */
final class NpmFailure {
  private static final Set<String> NETWORK =
      Set.of(
          "EAI_AGAIN",
          "ECONNREFUSED",
          "ECONNRESET",
          "EHOSTUNREACH",
          "ENETUNREACH",
          "ENOTCACHED",
          "ENOTFOUND",
          "ERR_SOCKET_TIMEOUT",
          "ETIMEDOUT",
          "FETCH_ERROR");

  private NpmFailure() {}

  /**
   * What went wrong and what helps, from npm's exit status and error output.
   *
   * @param lines the last lines that npm wrote
   */
  static String explain(NpmFile file, int status, List<String> lines) {
    var code = "";
    var reason = "";
    for (var line : lines) {
      var text = message(line);
      if (text.startsWith("code ") && code.isEmpty()) {
        code = text.substring(5).strip();
      } else if (reason.isEmpty() && tells(text)) {
        reason = withoutCode(text, code);
      }
    }
    // npm's status is the low byte of libuv's negative errno, whatever it could say.
    if (code.isEmpty() && status == 256 - 28) {
      code = "ENOSPC";
    }
    var said = code.isEmpty() ? reason : reason.isEmpty() ? code : code + ": " + reason;
    if (said.isEmpty()) {
      said = "status " + status;
    }
    return "npm could not fetch " + file.specifier() + " (" + said + "); " + advice(file, code);
  }

  /** A line without npm's own prefix, which differs between its versions; empty if it has none. */
  private static String message(String line) {
    for (var prefix : List.of("npm error ", "npm ERR! ")) {
      if (line.startsWith(prefix)) {
        return line.substring(prefix.length()).strip();
      }
    }
    return "";
  }

  private static boolean tells(String text) {
    return !text.isEmpty()
        && !text.startsWith("errno ")
        && !text.startsWith("syscall ")
        && !text.startsWith("path ")
        && !text.startsWith("A complete log")
        && !text.startsWith("Log files were not written");
  }

  /** Older versions of npm put the code, or a topic, before each line. */
  private static String withoutCode(String text, String code) {
    var rest = text;
    for (var topic : List.of(code, "network", "nospc", "404")) {
      if (!topic.isEmpty() && rest.startsWith(topic + " ")) {
        rest = rest.substring(topic.length()).strip();
      }
    }
    return !code.isEmpty() && rest.startsWith(code + ": ")
        ? rest.substring(code.length() + 2)
        : rest;
  }

  private static String advice(NpmFile file, String code) {
    if (NETWORK.contains(code)) {
      return "check the network, and npm's registry and proxy settings";
    }
    return switch (code) {
      case "ENOSPC" -> "make room on the disk";
      case "EACCES", "EPERM", "EROFS" ->
          "npm cannot write to its own cache: see `npm config get cache`";
      default -> "see what it says by hand: npm pack " + file.specifier();
    };
  }
}
