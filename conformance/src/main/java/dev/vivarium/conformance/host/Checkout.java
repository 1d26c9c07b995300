package dev.vivarium.conformance.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Files of this checkout, of which the scripts in {@code conformance} tell where it is. */
public final class Checkout {
  /** Its top. */
  public static final Path TOP =
      Path.of(System.getProperty("vivarium.checkout", ".")).toAbsolutePath();

  private Checkout() {}

  /** Where the classes of the hosts that are JVMs are found. */
  public static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** The command of a Java without any flag but those among its arguments. */
  public static List<String> java(String classPath, String... arguments) {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = new ArrayList<>(List.of(java, "-cp", classPath));
    command.addAll(List.of(arguments));
    return command;
  }

  /** A resource of a class, as a file that another program can read. */
  public static Path resource(Class<?> owner, String name) {
    try {
      return Path.of(owner.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a class path has valid addresses", e);
    }
  }

  /** A resource of a class as text. */
  public static String text(Class<?> owner, String name) {
    try (var in = owner.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
