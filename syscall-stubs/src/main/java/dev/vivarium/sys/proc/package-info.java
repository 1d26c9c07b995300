/** Implementations of {@link dev.vivarium.sys.ProcessService}. */
package dev.vivarium.sys.proc;
