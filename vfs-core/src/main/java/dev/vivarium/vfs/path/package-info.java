/** The one path walker. */
package dev.vivarium.vfs.path;
