/** Between a guest's tree and directories of the host: packing one, and saving what changed. */
package dev.vivarium.image;
