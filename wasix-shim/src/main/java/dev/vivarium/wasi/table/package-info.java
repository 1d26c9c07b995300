/**
 * The import tables: one row for each function, and what becomes of them (imports, the check of a
 * module's signatures, the documentation).
 */
package dev.vivarium.wasi.table;
