package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.ErrnoException;
import java.util.Arrays;

/** A page that is read from where it is stored whenever it is looked at, and never written. */
final class StoredPage extends Page {
  private final StoredContent source;
  private final long position;
  private final int length;

  /**
   * Takes no memory for content.
   *
   * @param position where the source has its first byte
   * @param length how many there are; behind them it is zero
   */
  StoredPage(StoredContent source, long position, int length, long epoch) {
    super(epoch, NOTHING);
    this.source = source;
    this.position = position;
    this.length = length;
  }

  @Override
  Page shared(long otherEpoch) {
    return new StoredPage(source, position, length, otherEpoch);
  }

  /** Where a content has it; -1 if it does not, or has not as many bytes of it. */
  long positionIn(StoredContent content, int wanted) {
    return source == content && length == wanted ? position : -1;
  }

  @Override
  byte[] data() throws ErrnoException {
    var bytes = new byte[length];
    source.read(position, bytes, 0, length);
    return bytes;
  }

  @Override
  void read(int from, byte[] target, int offset, int wanted) throws ErrnoException {
    int present = Math.max(0, Math.min(wanted, length - from));
    if (present > 0) {
      source.read(position + from, target, offset, present);
    }
    if (present < wanted) {
      Arrays.fill(target, offset + present, offset + wanted, (byte) 0);
    }
  }

  @Override
  boolean isUnwritten() {
    return false;
  }
}
