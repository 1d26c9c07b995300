package dev.vivarium.image.oci;

import java.io.IOException;

/** A registry cannot be reached, or does not do what it was asked. The message is for people. */
public final class RegistryException extends IOException {
  private static final long serialVersionUID = 1L;

  RegistryException(String message) {
    super(message.replaceAll("\\p{Cntrl}", "\uFFFD"));
  }
}
