package dev.vivarium.engine;

/** A guest named memory that it does not have. Stackless: guests can cause it at will. */
public final class MemoryFaultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The one instance: it carries no state. */
  public static final MemoryFaultException INSTANCE = new MemoryFaultException();

  private MemoryFaultException() {
    super("address outside the guest's memory", null, false, false);
  }
}
