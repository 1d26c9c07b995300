/** The rows of {@code conformance/bench fs}, over each of the filesystems that are compared. */
package dev.vivarium.conformance.bench.fs;
