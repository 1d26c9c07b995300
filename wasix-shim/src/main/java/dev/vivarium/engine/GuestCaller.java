package dev.vivarium.engine;

/** A guest instance as the host sees it: its memory and its exported functions. */
public interface GuestCaller {

  /** The instance's memory 0, or an empty memory if the module has none. */
  GuestMemory memory();

  /** Whether the module exports a function of this name. */
  boolean exportsFunction(String name);

  /**
   * Calls an exported function on the current thread.
   *
   * @param name the export's name
   * @param args the arguments in the encoding of {@link HostImport.Handler#call}
   * @return the results in the same encoding
   * @throws IllegalArgumentException if there is no such function or the number of arguments is
   *     wrong
   * @throws GuestTrap if the guest traps. Whatever else a {@link HostImport.Handler} throws passes
   *     through unchanged
   */
  long[] call(String name, long... args);
}
