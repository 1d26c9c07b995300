/** WASI preview1 and WASIX host imports, and the seam to a WebAssembly engine. */
module dev.vivarium.wasi {
  requires com.dylibso.chicory.runtime;
  requires com.dylibso.chicory.wasm;
  requires transitive dev.vivarium.sys;

  exports dev.vivarium.engine;
  exports dev.vivarium.guest;
}
