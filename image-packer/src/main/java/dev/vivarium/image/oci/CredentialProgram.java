package dev.vivarium.image.oci;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.image.HostProgram;
import dev.vivarium.image.HostReason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.Optional;

/**
 * A program that keeps logins: what Docker calls a credential helper, and asks so: the server is on
 * its standard input, and the login on its standard output.
 *
 * @param name what Docker's configuration calls it: {@code docker-credential-NAME}
 * @param server whose login is wanted
 * @param environment tells where programs are, and is that of the program
 */
record CredentialProgram(String name, String server, Map<String, String> environment) {
  /** What a program says, by Docker's protocol, that has no login for a server. */
  private static final String NOT_FOUND = "credentials not found in native keychain";

  /** The user's name if the secret is an identity token. */
  private static final String TOKEN = "<token>";

  private static final int MOST_BYTES = 1 << 16;

  /**
   * Asks it.
   *
   * @return {@link RegistryLogin#NONE} if it has none
   * @throws RegistryException if it is not there, or fails; the message is for people
   */
  RegistryLogin login() throws IOException {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new RegistryException("Docker's configuration names no program by '" + name + "'");
    }
    var file =
        HostProgram.find(command(), environment)
            .orElseThrow(
                () ->
                    new RegistryException(
                        "the login is kept by "
                            + command()
                            + ", which is not on the PATH; install it, or put the login into auths"
                            + " of Docker's config.json"));
    var builder =
        new ProcessBuilder(file.toString(), "get").redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      return ask(start(builder));
    } catch (BoxFormatException e) {
      throw failure(e.getMessage());
    }
  }

  private Process start(ProcessBuilder builder) throws RegistryException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw failure("it cannot be started: " + HostReason.of(e));
    }
  }

  private RegistryLogin ask(Process process) throws IOException {
    try {
      tell(process);
      byte[] said;
      try (var out = process.getInputStream()) {
        said = out.readNBytes(MOST_BYTES);
      }
      int status = process.waitFor();
      if (status == 0) {
        return read(said);
      }
      var line = new String(said, UTF_8).lines().findFirst().orElse("").strip();
      if (line.equals(NOT_FOUND)) {
        return RegistryLogin.NONE;
      }
      throw failure("it ended with status " + status + (line.isEmpty() ? "" : ": " + line));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while asking " + command());
    } finally {
      process.destroy();
    }
  }

  private void tell(Process process) {
    try (var in = process.getOutputStream()) {
      in.write(server.getBytes(UTF_8));
    } catch (IOException e) {
      // It does not listen; what it answers tells more.
    }
  }

  private static RegistryLogin read(byte[] said) throws BoxFormatException {
    var json = Json.parse("answer", said);
    var user = json.string("Username");
    var secret = json.string("Secret");
    return user.equals(TOKEN)
        ? new RegistryLogin("", secret, Optional.empty())
        : new RegistryLogin(user + ":" + secret, "", Optional.empty());
  }

  private String command() {
    return "docker-credential-" + name;
  }

  private RegistryException failure(String why) {
    return new RegistryException("the login is kept by " + command() + ": " + why);
  }
}
