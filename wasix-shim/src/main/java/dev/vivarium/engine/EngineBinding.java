package dev.vivarium.engine;

import java.io.IOException;
import java.util.List;

/** A WebAssembly engine: turns modules into instances. Safe for use by many threads. */
public interface EngineBinding {

  /**
   * Makes a module ready to run: validated, compiled, and cached where the binding has a cache.
   *
   * @param source the module
   * @param progress told what happens while this takes long; see {@link Progress#NONE}
   * @throws InvalidModuleException if the bytes are no module that this engine can run
   * @throws IOException if the module or the cache cannot be read or written
   */
  Module load(WasmSource source, Progress progress) throws IOException;

  /** A module that is ready to run. Immutable, and shared by any number of instances. */
  interface Module {

    /** The functions that the module imports, in the order of its import section. */
    List<ImportedFunction> importedFunctions();

    /**
     * Checks that the module imports nothing but functions and memories.
     *
     * @throws LinkException naming what else it imports, which no host has
     */
    void checkImports();

    /** Whether the module exports a function of this name. */
    boolean exportsFunction(String name);

    /** The bytes of memory that an instance has from the start. */
    long minimumMemory();

    /**
     * Makes an instance. Its start function, if the module has one, has run; exports have not.
     *
     * @param imports one for every {@link #importedFunctions()} row, by module and name; others are
     *     ignored
     * @param memoryLimit the most bytes that its memory may have; growth beyond answers -1 to the
     *     guest, as does an allocation that the host cannot make
     * @throws LinkException if an import is missing or has another signature
     * @throws MemoryLimitException if the module's minimum exceeds the limit
     * @throws GuestTrap if the start function traps
     */
    GuestInstance instantiate(List<HostImport> imports, long memoryLimit);

    /**
     * Makes an instance that goes on from the state of another one of this module. Its start
     * function does not run, and its data segments are not copied.
     *
     * @param state what {@link GuestInstance#state} of an instance of this module has given
     * @throws LinkException if an import is missing or has another signature
     * @throws MemoryLimitException if the state's memory exceeds the limit
     * @throws IllegalArgumentException if the state is not one of this module's
     */
    GuestInstance instantiate(List<HostImport> imports, long memoryLimit, InstanceState state);

    /**
     * Names the module, the engine and how it has prepared the module: a state of an instance fits
     * the modules that have the same.
     */
    String fingerprint();

    /** Whether the module was loaded with a {@link Checkpoint}. */
    boolean hasCheckpoint();
  }

  /** One row of a module's import section. */
  record ImportedFunction(String module, String name, Signature signature) {}
}
