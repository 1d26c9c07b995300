/** Implementations of {@link dev.vivarium.sys.ThreadService}. */
package dev.vivarium.sys.thread;
