package dev.vivarium.vfs.mount;

import java.util.List;

/** A directory of a {@link PseudoFileSystem}. */
public abstract non-sealed class PseudoDirectory extends PseudoNode {
  protected PseudoDirectory(Header header) {
    super(header);
  }

  /** The entry of a name, or null. */
  public abstract PseudoNode find(String name);

  /** All entries now, in the order of their inode numbers. */
  public abstract List<? extends PseudoNode> entries();
}
