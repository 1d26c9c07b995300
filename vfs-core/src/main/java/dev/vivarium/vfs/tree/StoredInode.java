package dev.vivarium.vfs.tree;

import java.util.List;

/**
 * What a {@link StoredTree} says of an inode.
 *
 * @param homeDirectory the directory that has one of its names; of the root, itself
 * @param homeCookie that name's place there; of the root, 0
 * @param size of a regular file, in bytes
 * @param rdev of a device node
 * @param parts the entries of a directory, or the pages of a regular file
 * @param xattrs extended attributes: a name, its value, and so on
 */
public record StoredInode(
    int mode,
    int nlink,
    int uid,
    int gid,
    long atime,
    long mtime,
    long ctime,
    long homeDirectory,
    long homeCookie,
    long size,
    long rdev,
    int parts,
    List<byte[]> xattrs) {}
