/** Implementations of {@link dev.vivarium.sys.SignalService}. */
package dev.vivarium.sys.signal;
