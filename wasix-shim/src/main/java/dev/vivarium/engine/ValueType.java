package dev.vivarium.engine;

/** A core WebAssembly number type, as it occurs in the signature of an import or an export. */
public enum ValueType {
  I32,
  I64,
  F32,
  F64
}
