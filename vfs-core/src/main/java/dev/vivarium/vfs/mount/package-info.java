/** Filesystems and where they are mounted. */
package dev.vivarium.vfs.mount;
