/** Open file descriptions and descriptors. */
package dev.vivarium.vfs.open;
