/**
 * What most embedders call: {@link dev.vivarium.Sandbox}, the {@link dev.vivarium.Outcome} of a
 * run, and {@link dev.vivarium.CapturedOutput} for what the guest prints.
 */
package dev.vivarium;
