package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Set;

/**
 * An answer that is no success, with what it says for people.
 *
 * @param from whose it is
 * @param code what OAuth calls the error; empty for none
 * @param text its own words; empty for none
 * @param hint what they may mean; empty for nothing
 */
record RegistryAnswer(URI from, int status, String code, String text, String hint) {
  /** What to add where somebody on this machine seems to want TLS. */
  static final String WITHOUT_TLS = "; this machine's registries are asked without TLS";

  private static final int MOST_BYTES = 1 << 16;
  private static final int MOST_CHARACTERS = 200;

  /** RFC 6749 has status 400 for these. */
  private static final Set<String> REFUSALS =
      Set.of("invalid_grant", "invalid_client", "unauthorized_client");

  /** Reads it, as far as it can be read, and closes its body. */
  static RegistryAnswer read(HttpResponse<InputStream> response) {
    byte[] bytes = {};
    try (var body = response.body()) {
      bytes = body.readNBytes(MOST_BYTES);
    } catch (IOException e) {
      // The status says enough.
    }
    var code = "";
    var text = "";
    var hint = "";
    try {
      var json = Json.parse("answer", bytes);
      var errors = json.objects("errors", 100);
      if (errors.isEmpty()) {
        code = json.string("error", "");
        // The first is OAuth's, the second Docker's own.
        text = json.string("error_description", json.string("details", code));
      } else {
        text = errors.get(0).string("message", errors.get(0).string("code", ""));
      }
    } catch (BoxFormatException e) {
      text = isText(response) ? line(bytes) : "";
      // What talks TLS says so, but in no registry's words.
      if (response.statusCode() == 400 && "http".equals(response.uri().getScheme())) {
        hint = WITHOUT_TLS;
      }
    }
    return new RegistryAnswer(response.uri(), response.statusCode(), code, text, hint);
  }

  /** Whether it is for people, who may get it also from what does not say so. */
  private static boolean isText(HttpResponse<?> response) {
    var type = response.headers().firstValue("Content-Type").orElse("text/plain");
    return type.toLowerCase(Locale.ROOT).startsWith("text/plain");
  }

  /** The first line, as far as a message has room for it; empty if it is no text. */
  private static String line(byte[] bytes) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().strip();
    } catch (CharacterCodingException e) {
      return "";
    }
    var line = text.lines().findFirst().orElse("").replaceAll("[\\p{Cc}\\p{Cf}]", "\uFFFD");
    int end = Math.min(line.length(), MOST_CHARACTERS);
    return line.isEmpty() || "<{[".indexOf(line.charAt(0)) >= 0
        ? ""
        : end < line.length() ? line.substring(0, end) + "..." : line;
  }

  /** Whether who gives tokens does not take the login, or wants one. */
  boolean refusesLogin() {
    return status == 401 || status == 403 || (status == 400 && REFUSALS.contains(code));
  }

  /** Whether the same may be done when it is asked again. */
  boolean mayPass() {
    // It knows of no such rest, or has trouble of its own; but what it cannot do, it never can.
    return status == 416 || (status >= 500 && status != 501);
  }

  /** Its own words, to be put behind others. */
  String said() {
    return text.isEmpty() ? "" : " (" + text + ")";
  }

  /** Its status and its own words, and what they may mean. */
  String words() {
    return "status " + status + said() + hint;
  }
}
