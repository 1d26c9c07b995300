package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.AccessCheck;
import dev.vivarium.vfs.posix.Credentials;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileMode;
import dev.vivarium.vfs.posix.Node;
import dev.vivarium.vfs.posix.XattrFlags;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The extended attributes of an inode, once it has been found, in the order in which Linux decides:
 * {@code xattr(7)}. Only {@code user.*} can be had; {@code trusted.*} and {@code security.*} answer
 * as to a process without capabilities, whoever it is. Called under the lock of the tree.
 */
public final class ExtendedAttributes {
  private static final byte[] USER = prefix("user.");
  private static final byte[] TRUSTED = prefix("trusted.");
  private static final byte[] SECURITY = prefix("security.");
  private static final byte[] SYSTEM = prefix("system.");

  private ExtendedAttributes() {}

  /**
   * Checks a name before anything else is looked at.
   *
   * @throws ErrnoException ERANGE if it is empty or too long
   */
  public static void check(byte[] name) throws ErrnoException {
    if (name.length == 0 || name.length > XattrFlags.XATTR_NAME_MAX) {
      throw Errno.ERANGE.exception();
    }
  }

  /**
   * Checks what is to be set before anything else is looked at.
   *
   * @throws ErrnoException EINVAL for an unknown flag; ERANGE for the name; E2BIG for the value
   */
  public static void check(byte[] name, byte[] value, int flags) throws ErrnoException {
    if ((flags & ~(XattrFlags.XATTR_CREATE | XattrFlags.XATTR_REPLACE)) != 0) {
      throw Errno.EINVAL.exception();
    }
    check(name);
    if (value.length > XattrFlags.XATTR_SIZE_MAX) {
      throw Errno.E2BIG.exception();
    }
  }

  /**
   * {@code getxattr(2)}: the value.
   *
   * @throws ErrnoException EACCES; EOPNOTSUPP for another namespace; EINVAL for a namespace alone;
   *     ENODATA
   */
  public static byte[] get(Mount mount, Node node, Credentials who, byte[] name)
      throws ErrnoException {
    requireAllowed(node, who, name, false);
    byte[] value = mount.fileSystem().getXattr(node, name);
    if (value == null) {
      throw Errno.ENODATA.exception();
    }
    return value.clone();
  }

  /**
   * {@code setxattr(2)}.
   *
   * @throws ErrnoException EROFS; EPERM, EACCES; EOPNOTSUPP; EINVAL; EEXIST, ENODATA as the flags
   *     ask; ENOSPC, EDQUOT
   */
  public static void set(
      Mount mount, Node node, Credentials who, byte[] name, byte[] value, int flags)
      throws ErrnoException {
    mount.requireWritable();
    requireAllowed(node, who, name, true);
    boolean present = mount.fileSystem().getXattr(node, name) != null;
    if (present && (flags & XattrFlags.XATTR_CREATE) != 0) {
      throw Errno.EEXIST.exception();
    }
    if (!present && (flags & XattrFlags.XATTR_REPLACE) != 0) {
      throw Errno.ENODATA.exception();
    }
    mount.fileSystem().setXattr(node, name.clone(), value.clone());
  }

  /**
   * {@code removexattr(2)}.
   *
   * @throws ErrnoException EROFS; EPERM, EACCES; EOPNOTSUPP; EINVAL; ENODATA
   */
  public static void remove(Mount mount, Node node, Credentials who, byte[] name)
      throws ErrnoException {
    mount.requireWritable();
    requireAllowed(node, who, name, true);
    if (mount.fileSystem().getXattr(node, name) == null) {
      throw Errno.ENODATA.exception();
    }
    mount.fileSystem().removeXattr(node, name);
  }

  /** {@code listxattr(2)}: the names. */
  public static List<byte[]> list(Mount mount, Node node) throws ErrnoException {
    return mount.fileSystem().listXattr(node);
  }

  private static void requireAllowed(Node node, Credentials who, byte[] name, boolean writes)
      throws ErrnoException {
    boolean user = startsWith(name, USER);
    if (startsWith(name, SECURITY) && !writes) {
      // There are none to be had; only whether there are attributes at all is told.
      return;
    }
    boolean privileged = startsWith(name, TRUSTED) || startsWith(name, SECURITY);
    boolean misplaced = user && !(node.isRegular() || node.isDirectory());
    if (privileged || misplaced) {
      throw (writes ? Errno.EPERM : Errno.ENODATA).exception();
    }
    boolean sticky = node.isDirectory() && (node.mode() & FileMode.S_ISVTX) != 0;
    if (user && writes && sticky && !AccessCheck.owns(who, node)) {
      throw Errno.EPERM.exception();
    }
    if (!startsWith(name, SYSTEM)) {
      AccessCheck.require(who, node, writes ? FileMode.W_OK : FileMode.R_OK);
    }
    if (!user) {
      throw Errno.EOPNOTSUPP.exception();
    }
    if (name.length == USER.length) {
      throw Errno.EINVAL.exception();
    }
  }

  private static boolean startsWith(byte[] name, byte[] prefix) {
    return name.length >= prefix.length
        && Arrays.equals(name, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] prefix(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
