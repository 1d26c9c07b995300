/**
 * Runs the test suites of languages in guests, on Vivarium and on peers, and compares the results.
 */
package dev.vivarium.conformance.suite;
