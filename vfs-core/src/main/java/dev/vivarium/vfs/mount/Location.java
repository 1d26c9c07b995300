package dev.vivarium.vfs.mount;

/**
 * A place in the tree of mounts: an inode of one mounted filesystem. Where relative paths start,
 * and what a root or a working directory is.
 *
 * @param mount the mount that it lies in
 * @param ino the inode there
 */
public record Location(Mount mount, long ino) {}
