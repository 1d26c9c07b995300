/**
 * The vocabulary of POSIX: errors, modes, flags, times, who asks. No behaviour, and no ABI's
 * numbers.
 */
package dev.vivarium.vfs.posix;
