package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Names of images, by what they depend on. */
final class BootKey {
  private BootKey() {}

  /** A digest of lists of texts, in their order. */
  @SafeVarargs
  static String of(List<String>... parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var part : parts) {
        // No text has a NUL, so that nothing else gives the same bytes.
        part.forEach(text -> digest.update((text + '\0').getBytes(UTF_8)));
        digest.update((byte) '\0');
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
