package dev.vivarium.wasi.abi;

/** What stands between a function's name and its support level in a table: parameters, results. */
public sealed interface Term permits Param, Returns {}
