package dev.vivarium.conformance.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Files of this checkout, which {@code conformance/bench} tells where it is. */
final class Checkout {
  static final Path TOP = Path.of(System.getProperty("vivarium.checkout", ".")).toAbsolutePath();

  private Checkout() {}

  /** Where the classes of the hosts that are JVMs are found. */
  static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** A resource of this package, as a file that another program can read. */
  static Path resource(String name) {
    try {
      return Path.of(Checkout.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a class path has valid addresses", e);
    }
  }

  /** A resource of this package as text. */
  static String text(String name) {
    try (var in = Checkout.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
