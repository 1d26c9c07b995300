/** The processes in which a benchmark's guests run: one kind for each host that is compared. */
package dev.vivarium.conformance.bench.host;
