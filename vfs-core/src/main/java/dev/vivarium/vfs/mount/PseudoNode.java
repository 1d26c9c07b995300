package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.Node;

/**
 * An inode of a {@link PseudoFileSystem}. It is made anew each time that it is asked for; its
 * number says what it is.
 */
public abstract sealed class PseudoNode implements Node
    permits PseudoDirectory, PseudoFile, PseudoLink {
  private final Header header;

  /**
   * What an inode is beyond its content.
   *
   * @param ino greater than those of the entries before it in its directory
   * @param parent the inode of the directory that it is in
   * @param mode with the type
   */
  public record Header(long ino, long parent, String name, int mode, int uid, int gid) {}

  PseudoNode(Header header) {
    this.header = header;
  }

  /** Its name in its directory. */
  public final String name() {
    return header.name();
  }

  final long parent() {
    return header.parent();
  }

  @Override
  public final long ino() {
    return header.ino();
  }

  @Override
  public final int mode() {
    return header.mode();
  }

  @Override
  public final int uid() {
    return header.uid();
  }

  @Override
  public final int gid() {
    return header.gid();
  }
}
