/** A service that evaluates Python that it did not write. */
package dev.vivarium.examples.python;
