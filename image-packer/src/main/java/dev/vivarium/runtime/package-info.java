/**
 * The language runtimes that {@code vivarium} knows by name: where each comes from, and how a guest
 * of it is started so that it works as a person expects.
 */
package dev.vivarium.runtime;
