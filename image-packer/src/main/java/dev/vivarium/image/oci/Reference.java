package dev.vivarium.image.oci;

import java.util.Optional;

/**
 * The name of a box, as Docker has it: {@code [REGISTRY/]NAME[:TAG][@DIGEST]}. The first part is a
 * registry if it has a dot or a colon, or is {@code localhost}.
 *
 * @param registry a host and perhaps a port; empty for a box of this machine
 * @param repository lower-case words with slashes between
 * @param tag {@code latest} if not given
 * @param digest what it has to be; empty for whatever has the tag
 */
public record Reference(String registry, String repository, String tag, Optional<Digest> digest) {
  private static final String LATEST = "latest";
  private static final int MOST_CHARACTERS = 255;
  private static final int MOST_IN_TAG = 128;
  private static final String REGISTRY =
      "(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?";

  /**
   * Parses a name.
   *
   * @throws IllegalArgumentException if it is none; the message is a line for people
   */
  public static Reference parse(String text) {
    int at = text.indexOf('@');
    Optional<Digest> digest = Optional.empty();
    var rest = text;
    if (at >= 0) {
      digest = Optional.of(Digest.parse(text.substring(at + 1)));
      rest = text.substring(0, at);
    }
    int slash = rest.indexOf('/');
    var first = slash < 0 ? "" : rest.substring(0, slash);
    boolean remote =
        first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
    var name = remote ? rest.substring(slash + 1) : rest;
    int colon = name.indexOf(':');
    var tag = colon < 0 ? LATEST : name.substring(colon + 1);
    var repository = colon < 0 ? name : name.substring(0, colon);
    if (rest.length() > MOST_CHARACTERS || !isRepository(repository)) {
      throw new IllegalArgumentException(
          "'" + text + "' names no box: names are words of a-z, 0-9, '.', '_' and '-'");
    }
    if (!isTag(tag)) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' names no box: '"
              + tag
              + "' is no tag, which has A-Z, a-z, 0-9, '.', '_', '-'");
    }
    if (remote && !first.matches(REGISTRY)) {
      throw new IllegalArgumentException("'" + text + "' names no box: '" + first + "' is no host");
    }
    return new Reference(remote ? first : "", repository, tag, digest);
  }

  /**
   * Parses a name that a box is to be given.
   *
   * @throws IllegalArgumentException if it is none, or says which box it means by its digest
   */
  public static Reference parseName(String text) {
    var name = parse(text);
    if (name.digest().isPresent() || (!name.isRemote() && name.repository().equals(Digest.NAME))) {
      throw new IllegalArgumentException(
          "'" + text + "' says a digest; the name that a box is given is NAME[:TAG]");
    }
    return name;
  }

  // The names of boxes are read by hand: patterns would be the first of a JVM that opens a box, and
  // take longer to load than that takes.

  /** Whether it is {@code WORD((.|_|__|-+|/)WORD)*}, a word being some of {@code a-z0-9}. */
  private static boolean isRepository(String text) {
    int at = 0;
    while (true) {
      int end = at;
      while (end < text.length() && isWord(text.charAt(end))) {
        end++;
      }
      if (end == at || end == text.length()) {
        return end > at;
      }
      at = behindSeparator(text, end);
    }
  }

  /** Where a separator ends; where it would begin if there is none. */
  private static int behindSeparator(String text, int at) {
    int end = at;
    while (end < text.length() && text.charAt(end) == '-') {
      end++;
    }
    if (end > at) {
      return end;
    }
    return switch (text.charAt(at)) {
      case '.', '/' -> at + 1;
      case '_' -> text.startsWith("__", at) ? at + 2 : at + 1;
      default -> at;
    };
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  /** Whether it is {@code [A-Za-z0-9_][A-Za-z0-9._-]*} of at most 128 characters. */
  static boolean isTag(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean first = isWord(c) || (c >= 'A' && c <= 'Z') || c == '_';
      if (!first && (i == 0 || (c != '.' && c != '-'))) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MOST_IN_TAG;
  }

  /** Whether it is in a registry. */
  public boolean isRemote() {
    return !registry.isEmpty();
  }

  /**
   * The digits that a digest begins with which is meant where this is no name: alone, or behind the
   * algorithm, where a name has its tag. Empty if this can be only a name.
   */
  String digits() {
    if (isRemote() || digest.isPresent()) {
      return "";
    }
    var digits = repository.equals(Digest.NAME) ? tag : tag.equals(LATEST) ? repository : "";
    return Digest.isBeginning(digits) ? digits : "";
  }

  /** The registry and the name, without tag and digest. */
  public String name() {
    return isRemote() ? registry + "/" + repository : repository;
  }

  /** What a store knows it by: the name, and the digest or else the tag. */
  String key() {
    return digest.isPresent() ? name() + "@" + digest.get() : tagged();
  }

  private String tagged() {
    return name() + ":" + tag;
  }

  /** The shortest text that {@link #parse} makes this of. */
  @Override
  public String toString() {
    var text = tag.equals(LATEST) ? name() : tagged();
    return digest.map(d -> text + "@" + d).orElse(text);
  }
}
