package dev.vivarium.image.oci;

import java.io.IOException;

/** A registry cannot be reached, or does not do what it was asked. The message is for people. */
public final class RegistryException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String why;
  private final boolean mayPass;

  RegistryException(String message) {
    this("", message, false);
  }

  /**
   * @param what was asked for, and what it is followed by in the message
   * @param mayPass whether the same may be done when it is asked again
   */
  RegistryException(String what, String why, boolean mayPass) {
    super((what + why).replaceAll("\\p{Cntrl}", "\uFFFD"));
    this.why = why;
    this.mayPass = mayPass;
  }

  /** The message without what was asked for. */
  String why() {
    return why;
  }

  /** Whether it is worth another try. */
  boolean mayPass() {
    return mayPass;
  }
}
