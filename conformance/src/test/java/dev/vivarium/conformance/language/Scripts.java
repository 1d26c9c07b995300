package dev.vivarium.conformance.language;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

/** The guest programs of the tests in this package. */
final class Scripts {
  private Scripts() {}

  /** A program's text, without its last line feed. */
  static String read(String name) throws IOException {
    try (var in = Scripts.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), UTF_8).stripTrailing();
    }
  }
}
