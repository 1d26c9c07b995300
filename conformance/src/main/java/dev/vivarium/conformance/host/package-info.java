/** The processes that suites and benchmarks run, and where they run them. */
package dev.vivarium.conformance.host;
