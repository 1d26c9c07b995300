/**
 * The neutral image: a {@link dev.vivarium.vfs.Snapshot} as one file.
 *
 * <p>An image is a header, blocks and a digest. All numbers of the framing are big-endian.
 *
 * <pre>
 *   image  = magic version block* end digest
 *   magic  = "\x89VIVTREE"                     8 bytes
 *   version = 1                                1 byte
 *   block  = decoded(u32) stored(u32) bytes    decoded in 1..262144; stored &lt; decoded: raw DEFLATE,
 *                                              stored = decoded: the bytes as they are
 *   end    = 0(u32)
 *   digest = SHA-256 of every byte before it   32 bytes, and then the file ends
 * </pre>
 *
 * <p>The decoded blocks, joined, are the tree, depth first, each directory's names in ascending
 * order of their unsigned bytes. Numbers are unsigned LEB128 in the shortest form; signed ones are
 * zigzagged.
 *
 * <pre>
 *   tree      = inode entries
 *   entries   = entry* END
 *   entry     = DIRECTORY name inode entries
 *             | REGULAR   name inode size extent* 0
 *             | SYMLINK   name inode length target     the mode is 0777
 *             | NODE      name inode kind device       kind: the type bits of the mode, 12 bits down
 *             | LINK      name number                  another name of an inode that came before
 *   name      = length(1..255) bytes                   no "/", no 0, neither "." nor ".."
 *   inode     = mode uid gid atime mtime ctime [xattrs]      times: signed, ns since the epoch
 *   mode      = 0..07777, and 010000 if xattrs follow
 *   xattrs    = count(&gt; 0) (length name length value)*     the attributes user.*
 *   extent    = length(&gt; 0) gap bytes                 gap: the hole before it; 0 only in the first
 * </pre>
 *
 * <p>A REGULAR, SYMLINK or NODE that has more names carries the bit SHARED in its tag; LINK counts
 * those from 0, in the order in which they came. So every image is a tree by its form: there is
 * nothing that a cycle, a duplicate or a path could be written with.
 *
 * <p>Inode numbers are not kept: a reader gives them out in the order of the file.
 */
package dev.vivarium.vfs.image;
