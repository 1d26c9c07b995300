/**
 * The neutral image: a {@link dev.vivarium.vfs.Snapshot} as one file, which is used where it lies.
 *
 * <p>Contents are stored as they are, so that a file is read from the image when a guest reads it.
 * What describes the tree is in arrays behind them: an inode, an entry or an extent is found by its
 * number. All numbers are big-endian; u32 are below 2^31.
 *
 * <pre>
 *   image   = magic version content metadata sum* trailer
 *   magic   = "\x89VIVTREE"                 8 bytes
 *   version = 3                             1 byte
 *   content = the bytes of all extents, in the order of the extents
 *   metadata = inode* entry* extent* text
 *   inode   = mode(u32) nlink(u32) uid(u32) gid(u32) atime(i64) mtime(i64) ctime(i64)
 *             home(u32) cookie(u32) value(i64) first(u32) count(u32) xattrs(u32) length(u32)
 *   entry   = name(u32) kind(u16) length(u16) inode(u32)
 *   extent  = page(i64) position(i64) pages(u32)
 *   text    = names, extended attributes and the targets of symbolic links
 *   sum     = CRC-32C of each 65,536 bytes of magic, version and content; then of the metadata
 *   trailer = inodes(u32) entries(u32) extents(u32) text length(u32) end of the content(i64)
 *             CRC-32C of the sums, CRC-32C of the trailer so far, magic
 * </pre>
 *
 * <p>Inodes are numbered from 1, the root, in the order in which they are met breadth first, where
 * each directory's names come in the ascending order of their unsigned bytes. {@code home} and
 * {@code cookie} are the directory and the place (from 3 on) of an inode's first name; those of the
 * root are 1 and 0. An entry's {@code kind} is the kind in the mode of its inode, so that a
 * directory is listed without looking at what it has. Times are ns since the epoch. The rest
 * depends on the kind:
 *
 * <pre>
 *   directory         first entry, count of entries
 *   regular file      value: size; first extent, count of extents
 *   symbolic link     first: the target in the text, count: its length; the mode is 0777
 *   other             value: the device number
 * </pre>
 *
 * <p>{@code xattrs} and {@code length} are an inode's extended attributes in the text: each a
 * length(u16) and a name ({@code user.*}, ascending), a length(u32) and a value.
 *
 * <p>An extent is a number of whole pages of 4,096 bytes of a file, from a page on; the last page
 * of a file may be cut by its size. Between two extents is a hole.
 *
 * <p>Everything is in its place in one order only, without gaps: entries, extents and content in
 * the order of their inodes; in the text, an inode's extended attributes and its target come behind
 * its first name. So a reader that goes through it once, in this order, meets each thing once, and
 * knows that the tree is one: an entry names the next inode, or one that is no directory and came
 * before.
 *
 * <p>But an image that was a {@link dev.vivarium.vfs.image.ContentFile} before has its content in
 * the order in which it was added, maybe more than its files have, and the same of it for several.
 * It is opened by whoever wrote it ({@link dev.vivarium.vfs.image.ImageReader#openTrusted}) only.
 */
package dev.vivarium.vfs.image;
