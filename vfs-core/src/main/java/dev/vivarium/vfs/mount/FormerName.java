package dev.vivarium.vfs.mount;

/**
 * The last name that an inode had.
 *
 * @param directory the inode of the directory that the name was in
 */
public record FormerName(long directory, byte[] name) {}
