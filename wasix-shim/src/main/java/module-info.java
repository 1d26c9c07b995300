/** WASI preview1 and WASIX host imports, and the seam to a WebAssembly engine. */
module dev.vivarium.wasi {
  requires com.dylibso.chicory.compiler;
  requires com.dylibso.chicory.runtime;
  requires com.dylibso.chicory.wasm;
  requires transitive dev.vivarium.sys;
  requires jdk.jfr;
  requires jdk.unsupported;
  requires org.objectweb.asm;
  requires org.objectweb.asm.tree;

  exports dev.vivarium;
  exports dev.vivarium.engine;
  exports dev.vivarium.engine.chicory;
  exports dev.vivarium.guest;
  exports dev.vivarium.wasi.abi;
  exports dev.vivarium.wasi.table;
  exports dev.vivarium.wasi.trace;
}
