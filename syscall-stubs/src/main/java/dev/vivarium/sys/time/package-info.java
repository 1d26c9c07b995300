/** Clocks: the host's, and one for deterministic worlds. */
package dev.vivarium.sys.time;
