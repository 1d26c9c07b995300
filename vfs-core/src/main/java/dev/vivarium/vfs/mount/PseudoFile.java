package dev.vivarium.vfs.mount;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;

/** A file of a {@link PseudoFileSystem}: what is in it is made when it is read. */
public final class PseudoFile extends PseudoNode {
  private final Content content;
  private final Errno onWrite;

  /** Makes what is in a file, under the lock of the tree. */
  @FunctionalInterface
  public interface Content {
    byte[] make() throws ErrnoException;
  }

  /**
   * @param onWrite what {@code write(2)} fails with; EACCES if not even opening it for that is
   *     allowed, to nobody
   */
  public PseudoFile(Header header, Errno onWrite, Content content) {
    super(header);
    this.onWrite = onWrite;
    this.content = content;
  }

  byte[] content() throws ErrnoException {
    return content.make();
  }

  Errno onWrite() {
    return onWrite;
  }
}
