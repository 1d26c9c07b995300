package dev.vivarium.vfs.mount;

/** A filesystem at a place in the tree. */
public final class Mount {
  // To be written: its FileSystem, the Location that it covers, its flags (read-only).
}
