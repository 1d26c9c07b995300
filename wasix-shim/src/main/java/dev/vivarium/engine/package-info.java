/**
 * The seam between Vivarium and a WebAssembly engine: what a host function is ({@link
 * dev.vivarium.engine.HostImport}), how it reaches the guest ({@link
 * dev.vivarium.engine.GuestMemory}, {@link dev.vivarium.engine.GuestCaller}) and how a module
 * becomes a running instance ({@link dev.vivarium.engine.EngineBinding}).
 *
 * <p>Nothing here knows WASI, and nothing here names an engine: a binding implements these types in
 * a package of its own, and is handed only lowered {@link dev.vivarium.engine.HostImport}s.
 */
package dev.vivarium.engine;
