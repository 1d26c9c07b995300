/**
 * What most embedders call: {@link dev.vivarium.Sandbox}, and the {@link dev.vivarium.Outcome} of a
 * run.
 */
package dev.vivarium;
