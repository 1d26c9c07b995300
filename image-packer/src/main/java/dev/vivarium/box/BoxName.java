package dev.vivarium.box;

import dev.vivarium.image.oci.Reference;
import dev.vivarium.runtime.LanguageRuntime;

/** The names that a box can be given, and found by. */
public final class BoxName {
  private BoxName() {}

  /**
   * Parses one.
   *
   * @throws IllegalArgumentException if it is none, or a digest, or a runtime's, by which the box
   *     could neither be run nor built upon; the message is for people
   */
  public static Reference of(String text) {
    var name = Reference.parseName(text);
    if (LanguageRuntime.tagged(text).isPresent()) {
      throw new IllegalArgumentException("'" + text + "' is the name of a runtime; give another");
    }
    return name;
  }
}
