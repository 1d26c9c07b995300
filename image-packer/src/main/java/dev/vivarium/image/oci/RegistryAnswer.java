package dev.vivarium.image.oci;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Set;

/**
 * An answer that is no success, with what it says for people.
 *
 * @param from whose it is
 * @param code what OAuth calls the error; empty for none
 * @param text its own words; empty for none
 */
record RegistryAnswer(URI from, int status, String code, String text) {
  /** What to add where somebody on this machine seems to want TLS. */
  static final String WITHOUT_TLS = "; this machine's registries are asked without TLS";

  private static final int MOST_BYTES = 1 << 16;

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
      // It has no words that are known.
    }
    return new RegistryAnswer(response.uri(), response.statusCode(), code, text);
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

  /** Its status and its own words. */
  String words() {
    return "status " + status + said();
  }
}
