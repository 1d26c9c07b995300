/** Implementations of {@link dev.vivarium.sys.Network}. */
package dev.vivarium.sys.net;
