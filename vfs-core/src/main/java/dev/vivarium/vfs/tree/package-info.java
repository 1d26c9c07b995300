/**
 * Inodes, directories and contents: persistent structures with ownership epochs.
 *
 * <p>Every node of every structure carries the epoch in which it was made. A {@link
 * dev.vivarium.vfs.tree.Tree} changes in place what has its own present epoch, and copies the path
 * to anything older. So a snapshot is the root and a new epoch; a fork is a tree on that root with
 * an epoch of its own; and both cost nothing until something is written. What has the present epoch
 * can only be reached through what has it too.
 *
 * <p>Out of memory is survived: a change first makes all that it needs ({@code reserve}, {@code
 * own}: nothing of which anybody can notice), and then changes without allocating.
 *
 * <p>Nothing here locks. A tree belongs to the lock of its filesystem; a {@link
 * dev.vivarium.vfs.tree.TreeState} is immutable.
 */
package dev.vivarium.vfs.tree;
