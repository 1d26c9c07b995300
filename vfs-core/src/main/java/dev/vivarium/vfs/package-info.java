/**
 * The filesystem as its users see it: {@link dev.vivarium.vfs.Vfs}, its snapshots and its limits.
 */
package dev.vivarium.vfs;
