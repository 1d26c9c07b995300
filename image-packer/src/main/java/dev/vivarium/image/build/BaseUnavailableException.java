package dev.vivarium.image.build;

import java.io.IOException;

/**
 * A registry does not give the box that a stage begins with. The Dockerfile may be right: it may be
 * the network's fault, or the registry's. The message is for people.
 */
public final class BaseUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  BaseUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
