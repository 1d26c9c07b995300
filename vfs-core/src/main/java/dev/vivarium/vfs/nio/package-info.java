/**
 * The host's live view of a filesystem through {@code java.nio.file}: the same tree that guests
 * see, with the permissions of a chosen {@link dev.vivarium.vfs.path.FsContext}.
 *
 * <p>What the specification of {@code java.nio.file} leaves open is answered as the JDK's default
 * provider does on Linux. Every failed call has the {@link dev.vivarium.vfs.posix.ErrnoException}
 * that it came from as its cause.
 *
 * <p>Locks: the position of a channel, outside the lock of the tree; the queue of a watch service,
 * inside it, as a leaf.
 */
package dev.vivarium.vfs.nio;
