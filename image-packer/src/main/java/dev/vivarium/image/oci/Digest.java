package dev.vivarium.image.oci;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * What names a blob: the SHA-256 of its bytes. The other algorithms of the specification are
 * optional there, and not taken here.
 *
 * @param hex 64 digits of lower-case hexadecimal
 */
public record Digest(String hex) implements Comparable<Digest> {
  /** What names the algorithm, and so no box. */
  static final String NAME = "sha256";

  private static final String ALGORITHM = NAME + ":";
  private static final int DIGITS = 64;
  private static final int SHORT_DIGITS = 12;
  private static final int FEWEST_DIGITS = 4;

  public Digest {
    if (!isHex(hex)) {
      throw new IllegalArgumentException("no SHA-256: " + hex);
    }
  }

  /**
   * Parses {@code sha256:} and its digits.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Digest parse(String text) {
    if (!isDigest(text)) {
      throw new IllegalArgumentException("no digest of the form sha256:(64 digits): " + text);
    }
    return new Digest(text.substring(ALGORITHM.length()));
  }

  /** Whether {@link #parse} takes it. */
  static boolean isDigest(String text) {
    return text.startsWith(ALGORITHM) && isHex(text.substring(ALGORITHM.length()));
  }

  /** Whether it is at least as much of the digits as Docker takes for some. */
  static boolean isBeginning(String text) {
    return text.length() >= FEWEST_DIGITS && text.length() <= DIGITS && isHexadecimal(text);
  }

  private static boolean isHex(String text) {
    return text.length() == DIGITS && isHexadecimal(text);
  }

  private static boolean isHexadecimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** The digest of bytes, of which there are few. */
  public static Digest of(byte[] bytes) {
    return new Digest(HexFormat.of().formatHex(Sha256.of(bytes)));
  }

  /** The digest of what the algorithm has been fed with, which begins anew. */
  public static Digest of(MessageDigest algorithm) {
    return new Digest(HexFormat.of().formatHex(algorithm.digest()));
  }

  /** The algorithm, to be fed with much. */
  public static MessageDigest algorithm() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** As many digits as people compare. */
  public String shortHex() {
    return hex.substring(0, SHORT_DIGITS);
  }

  // Written out, since those of a record are made when they are first called, which takes longer
  // than
  // to open a box.
  @Override
  public boolean equals(Object other) {
    return other instanceof Digest digest && hex.equals(digest.hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  @Override
  public int compareTo(Digest other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return ALGORITHM + hex;
  }
}
