package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.HostReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who we are to a registry, as Docker's {@code config.json} says.
 *
 * @param basic {@code USER:PASSWORD}; empty for nobody
 * @param identityToken what is exchanged for a token; empty for none
 * @param program what keeps the login instead, and is asked once it is needed
 */
record RegistryLogin(String basic, String identityToken, Optional<CredentialProgram> program) {
  static final RegistryLogin NONE = new RegistryLogin("", "", Optional.empty());

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
    } catch (IOException e) {
      throw new RegistryException(file + ": " + HostReason.of(e));
    }
    try {
      return read(registry, bytes, environment);
    } catch (BoxFormatException e) {
      throw new RegistryException(file + ": " + e.getMessage());
    }
  }

  private static RegistryLogin read(String registry, byte[] bytes, Map<String, String> environment)
      throws BoxFormatException {
    var config = Json.parse("login", bytes);
    var auths = config.object("auths");
    var helper = config.object("credHelpers").string(registry, config.string("credsStore", ""));
    for (var key : keys(registry, auths)) {
      var login = auths.object(key);
      var token = login.string("identitytoken", "");
      var basic = decoded(login.string("auth", "")).orElse("");
      if (basic.isEmpty() && login.has("username")) {
        basic = login.string("username") + ":" + login.string("password", "");
      }
      if (!basic.isEmpty() || !token.isEmpty()) {
        return new RegistryLogin(basic, token, Optional.empty());
      }
    }
    return helper.isEmpty()
        ? NONE
        : new RegistryLogin(
            "", "", Optional.of(new CredentialProgram(helper, registry, environment)));
  }

  /**
   * What a registry may be called in {@code auths}, as Docker has it: its host, or an address at
   * it, of which the host counts. Its helpers it knows by the host alone.
   */
  private static List<String> keys(String registry, Json auths) {
    var keys = new ArrayList<String>();
    keys.add(registry);
    for (var key : auths.names()) {
      if (registry.equals(key.replaceFirst("^https?://", "").replaceFirst("/.*", ""))) {
        keys.add(key);
      }
    }
    return keys;
  }

  /** This, with what the program says that keeps it. */
  RegistryLogin complete() throws IOException {
    return program.isPresent() ? program.get().login() : this;
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
