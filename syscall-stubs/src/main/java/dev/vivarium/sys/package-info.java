/**
 * The kernel of one sandbox ({@link dev.vivarium.sys.Kernel}), its processes ({@link
 * dev.vivarium.sys.Process}), and the interfaces of the services that a sandbox may have or lack.
 *
 * <p>An implementation of a service lives in a package of its own below this one, which nothing
 * here names: {@code thread}, {@code signal}, {@code net}, {@code proc}, {@code time}, {@code
 * stream}.
 */
package dev.vivarium.sys;
