/**
 * Chicory behind the seam, and the only code that names it.
 *
 * <p>A module is prepared once: {@link dev.vivarium.engine.chicory.ModuleCompiler} compiles it in
 * slices into an {@link dev.vivarium.engine.chicory.Entry}, which {@link
 * dev.vivarium.engine.chicory.ModuleCache} keeps. From an entry a {@link
 * dev.vivarium.engine.chicory.ChicoryModule} is read, and of that any number of {@link
 * dev.vivarium.engine.chicory.ChicoryInstance}s are made.
 */
package dev.vivarium.engine.chicory;
