/**
 * Guests that mean harm: every import with whatever arguments, and attacks that take several calls,
 * in processes with little memory and short stacks.
 */
package dev.vivarium.conformance.hostile;
