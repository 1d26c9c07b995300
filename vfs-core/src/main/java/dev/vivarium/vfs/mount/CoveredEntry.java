package dev.vivarium.vfs.mount;

import java.util.Arrays;

/**
 * The entry that a mount of a single file is over. A file may have other names, and the mount is at
 * this one alone; a directory has no other.
 *
 * @param directory the inode number of the directory that has it
 * @param name its bytes there; not to be changed
 */
public record CoveredEntry(long directory, byte[] name) {

  boolean is(long otherDirectory, byte[] path, int offset, int length) {
    return directory == otherDirectory
        && Arrays.equals(name, 0, name.length, path, offset, offset + length);
  }
}
