/** Boxes, as an embedder uses them: opened from the store, and run in a sandbox. */
package dev.vivarium.box;
