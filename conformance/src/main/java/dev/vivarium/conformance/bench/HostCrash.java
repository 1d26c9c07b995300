package dev.vivarium.conformance.bench;

/** A host's process has ended, or gone silent, before its work was done; says why in a line. */
final class HostCrash extends Exception {
  private static final long serialVersionUID = 1L;

  HostCrash(String reason) {
    super(reason);
  }
}
