/** Benchmarks, run by {@code conformance/bench}. */
package dev.vivarium.conformance.bench;
