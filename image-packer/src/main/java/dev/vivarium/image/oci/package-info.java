/**
 * The format of boxes and the store on this machine: OCI images, whose layers are tar archives over
 * a {@link dev.vivarium.vfs.Snapshot}, and one more layer that is the module to run.
 */
package dev.vivarium.image.oci;
