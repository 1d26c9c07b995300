package dev.vivarium.conformance.host;

/** A host's process has ended, or gone silent, before its work was done; says why in a line. */
public final class HostCrash extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says why in a line. */
  public HostCrash(String reason) {
    super(reason);
  }
}
