package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.ErrnoException;

/** A symbolic link of a {@link PseudoFileSystem}. */
public abstract non-sealed class PseudoLink extends PseudoNode {
  protected PseudoLink(Header header) {
    super(header);
  }

  /** As {@link FileSystem#readLink}. */
  protected abstract byte[] text(Caller caller) throws ErrnoException;

  /** As {@link FileSystem#jump}. */
  protected Location jump(Caller caller) throws ErrnoException {
    return null;
  }
}
