/**
 * The application binary interface as data: numbers of errors, flags and rights, layouts of
 * structs, and the kinds of parameter that functions have. Knows no handler and no table.
 */
package dev.vivarium.wasi.abi;
