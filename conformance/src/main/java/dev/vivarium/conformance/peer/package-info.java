/** Chicory as it is without us: its own WASI over jimfs, and its own compiler's classes. */
package dev.vivarium.conformance.peer;
