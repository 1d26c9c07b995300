package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Who we are to a registry, as Docker's {@code config.json} says.
 *
 * @param basic {@code USER:PASSWORD}; empty for nobody
 * @param identityToken what is exchanged for a token; empty for none
 * @param helper the program that keeps the login instead, which is not asked; empty for none
 */
record RegistryLogin(String basic, String identityToken, String helper) {
  static final RegistryLogin NONE = new RegistryLogin("", "", "");

  /** The most bytes of the file. */
  private static final int MOST_BYTES = 1 << 20;

  /**
   * What is said of a registry, in {@code $DOCKER_CONFIG} or {@code ~/.docker}.
   *
   * @throws RegistryException if the file cannot be read
   */
  static RegistryLogin find(String registry, Map<String, String> environment) throws IOException {
    var chosen = environment.getOrDefault("DOCKER_CONFIG", "");
    var home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    var file =
        (chosen.isEmpty() ? Path.of(home, ".docker") : Path.of(chosen)).resolve("config.json");
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES);
    } catch (NoSuchFileException e) {
      return NONE;
    }
    try {
      return read(registry, bytes);
    } catch (BoxFormatException e) {
      throw new RegistryException(file + ": " + e.getMessage());
    }
  }

  private static RegistryLogin read(String registry, byte[] bytes) throws BoxFormatException {
    var config = Json.parse("login", bytes);
    var auths = config.object("auths");
    var helper = config.object("credHelpers").string(registry, config.string("credsStore", ""));
    for (var key : new String[] {registry, "https://" + registry, "https://" + registry + "/v2/"}) {
      var login = auths.object(key);
      var token = login.string("identitytoken", "");
      var basic = decoded(login.string("auth", "")).orElse("");
      if (basic.isEmpty() && login.has("username")) {
        basic = login.string("username") + ":" + login.string("password", "");
      }
      if (!basic.isEmpty() || !token.isEmpty()) {
        return new RegistryLogin(basic, token, "");
      }
    }
    return new RegistryLogin("", "", helper);
  }

  private static Optional<String> decoded(String base64) throws BoxFormatException {
    try {
      var text = new String(Base64.getDecoder().decode(base64), UTF_8);
      return text.indexOf(':') < 0 ? Optional.empty() : Optional.of(text);
    } catch (IllegalArgumentException e) {
      throw new BoxFormatException("an auth in it is no base64");
    }
  }

  /** The value of a header that shows it. */
  String authorization() {
    return "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(UTF_8));
  }

  boolean isEmpty() {
    return basic.isEmpty() && identityToken.isEmpty();
  }
}
