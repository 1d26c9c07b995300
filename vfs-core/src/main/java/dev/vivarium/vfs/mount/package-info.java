/**
 * Filesystems and where they are mounted: the {@linkplain dev.vivarium.vfs.mount.FileSystem driver
 * interface}, the drivers, and the descriptions that need a mount.
 *
 * <p>Locks, outermost first:
 *
 * <pre>
 * lock of the tree (MountTable.lock): mounts, inodes, directories, contents, ledger, offsets
 *   lock of a descriptor table: that table
 *   lock of a pipe: that pipe
 *   lock of the lock table: record locks and flocks
 * </pre>
 *
 * <p>Those below are leaves that are never held together, nor while a description is released.
 * Nothing waits for data, for room or for time while it holds any of them.
 */
package dev.vivarium.vfs.mount;
