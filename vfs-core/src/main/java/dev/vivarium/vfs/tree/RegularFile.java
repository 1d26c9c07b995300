package dev.vivarium.vfs.tree;

import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.vfs.posix.ErrnoException;
import dev.vivarium.vfs.posix.FileType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Consumer;

/**
 * A regular file: sparse pages, each shared until it is written. The methods that change it may
 * only be called on what {@link Tree#own} returned.
 */
public final class RegularFile extends Inode {
  private static final int SECTORS = Page.SIZE / 512;

  private long size;
  private Content content;

  RegularFile(long epoch, long ino, int permissions, int uid, int gid, long now) {
    super(epoch, ino, FileType.REGULAR.bits() | permissions, uid, gid, now);
  }

  RegularFile(StoredTree source, long epoch, long ino, StoredInode stored) {
    super(epoch, ino, stored);
    size = stored.size();
    if (stored.parts() > 0) {
      var pages = new StoredPages(source, ino, size, epoch);
      content = new Content(pages, (size - 1) / Page.SIZE, stored.parts(), epoch);
    }
  }

  private RegularFile(Tree tree, RegularFile original) {
    super(tree, original);
    size = original.size;
    if (original.content != null) {
      content = new Content(original.content, original.chargedPages(tree));
    }
  }

  @Override
  Inode copy(Tree tree) {
    return new RegularFile(tree, this);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long blocks() {
    return (long) pages() * SECTORS;
  }

  /** The pages that are stored. */
  int pages() {
    return content == null ? 0 : content.pages;
  }

  /** The pages that a tree made, and pays for. */
  int chargedPages(Tree tree) {
    return content != null && tree.isOwnEpoch(epoch()) ? content.charged : 0;
  }

  @Override
  long contentBytes() {
    return (long) pages() * Page.SIZE;
  }

  @Override
  long chargedContent(Tree tree) {
    return (long) chargedPages(tree) * Page.SIZE;
  }

  /** The pages by number; null if there are none. For comparisons and checks. */
  Radix content() {
    return content;
  }

  /**
   * Reads what is there; 0 at or behind the end.
   *
   * @throws ErrnoException EIO if it is stored elsewhere, and cannot be read from the beginning on
   */
  public int read(long position, byte[] target, int offset, int length) throws ErrnoException {
    if (position >= size || length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, size - position);
    int done = 0;
    while (done < count) {
      long at = position + done;
      int within = (int) at & (Page.SIZE - 1);
      int part = Math.min(Page.SIZE - within, count - done);
      var page = page(at / Page.SIZE);
      if (page == null) {
        Arrays.fill(target, offset + done, offset + done + part, (byte) 0);
      } else {
        try {
          page.read(within, target, offset + done, part);
        } catch (ErrnoException e) {
          if (done == 0) {
            throw e;
          }
          return done;
        }
      }
      done += part;
    }
    return count;
  }

  /**
   * Writes, and makes the file longer where it has to be. Writes less than it was asked to if there
   * is no room for all.
   *
   * @param position with {@code length} not beyond the greatest size
   * @throws ErrnoException ENOSPC, EDQUOT if there is no room for a single byte
   */
  public int write(Tree tree, long position, byte[] source, int offset, int length)
      throws ErrnoException {
    int done = 0;
    try {
      while (done < length) {
        long at = position + done;
        int within = (int) at & (Page.SIZE - 1);
        int part = Math.min(Page.SIZE - within, length - done);
        if (part == Page.SIZE) {
          writePage(tree, at / Page.SIZE, source, offset + done);
        } else {
          var page = writable(tree, at / Page.SIZE, within + part);
          page.write(within, source, offset + done, part);
        }
        done += part;
      }
    } catch (ErrnoException full) {
      if (done == 0) {
        throw full;
      }
    } catch (OutOfMemoryError full) {
      if (done == 0) {
        throw Errno.ENOSPC.exception();
      }
    }
    size = Math.max(size, position + done);
    return done;
  }

  /**
   * Gets the content of another file, whose pages both share until one of them is written; they are
   * charged as if they were this one's alone. All or nothing.
   *
   * @param original of a state that is over; of this tree or another
   * @throws ErrnoException ENOSPC, EDQUOT
   */
  public void share(Tree tree, RegularFile original) throws ErrnoException {
    long bytes = (long) original.pages() * Page.SIZE;
    tree.ledger().charge(uid(), bytes, 0);
    Content shared = null;
    boolean done = false;
    try {
      shared = original.content == null ? null : original.content.shared(tree);
      done = true;
    } catch (OutOfMemoryError full) {
      throw Errno.ENOSPC.exception();
    } finally {
      if (!done) {
        tree.ledger().credit(uid(), bytes, 0);
      }
    }
    dropAll(tree);
    content = shared;
    size = original.size;
  }

  /**
   * Gets content that is stored elsewhere where it has a hole, and becomes as long as that needs.
   * It is charged as if it had been written. All or nothing.
   *
   * @param offset a multiple of the size of a page, with {@code length} not beyond the greatest
   *     size
   * @param position where the content begins in what stores it
   * @throws ErrnoException EINVAL if there is a page already, or the offset is no multiple; ENOSPC,
   *     EDQUOT
   */
  public void attach(Tree tree, long offset, StoredContent stored, long position, int length)
      throws ErrnoException {
    long first = offset / Page.SIZE;
    int count = (int) (((long) length + Page.SIZE - 1) / Page.SIZE);
    long present = content == null ? -1 : content.nextKey(first);
    if (offset % Page.SIZE != 0 || (present >= 0 && present < first + count)) {
      throw Errno.EINVAL.exception();
    }
    tree.ledger().charge(uid(), (long) count * Page.SIZE, 0);
    int added = 0;
    try {
      for (; added < count; added++) {
        int done = added * Page.SIZE;
        int part = Math.min(Page.SIZE, length - done);
        // Of another epoch than the present one, since it is not to be written.
        add(tree, first + added, new StoredPage(stored, position + done, part, tree.sharedEpoch()));
      }
    } catch (OutOfMemoryError full) {
      for (int i = 0; i < added; i++) {
        remove(first + i);
      }
      tree.ledger().credit(uid(), (long) count * Page.SIZE, 0);
      throw Errno.ENOSPC.exception();
    }
    size = Math.max(size, offset + length);
  }

  /** Sets the size: what is cut off is gone, what is added is a hole. */
  public void truncate(Tree tree, long newSize) throws ErrnoException {
    if (newSize == 0) {
      dropAll(tree);
    } else if (newSize <= size && content != null) {
      int within = (int) newSize & (Page.SIZE - 1);
      long last = newSize / Page.SIZE;
      content.reserveFrom(last, tree.epoch());
      content.reserveFrom(last + 1, tree.epoch());
      Consumer<Object> uncounting = page -> uncount(tree, (Page) page);
      // Behind the present end all is zero already.
      if (within != 0 && newSize < size && page(last) != null) {
        cut(tree, last, within);
      }
      dropFrom(tree, within == 0 ? last : last + 1, uncounting);
    }
    size = newSize;
  }

  private void cut(Tree tree, long number, int length) throws ErrnoException {
    var page = page(number);
    if (page.epoch == tree.epoch()) {
      page.clear(length, Page.SIZE);
      return;
    }
    boolean paid = tree.isOwnEpoch(page.epoch);
    content.reserve(number, tree.epoch());
    var copy = Page.copyOf(page, length, tree.epoch());
    if (!paid) {
      tree.ledger().charge(uid(), Page.SIZE, 0);
      content.charged++;
    }
    content.set(number, copy);
  }

  private void dropAll(Tree tree) {
    if (content != null) {
      tree.ledger().credit(uid(), (long) content.charged * Page.SIZE, 0);
      content = null;
    }
  }

  private void dropFrom(Tree tree, long from, Consumer<Object> uncounting) {
    int before = content.charged;
    content.clearFrom(from, tree.epoch(), uncounting);
    tree.ledger().credit(uid(), (long) (before - content.charged) * Page.SIZE, 0);
  }

  private void uncount(Tree tree, Page page) {
    content.pages--;
    content.charged -= tree.isOwnEpoch(page.epoch) ? 1 : 0;
  }

  /**
   * Makes a range a hole, and the file no shorter: whole pages go, and of others the range becomes
   * zero. All or nothing.
   *
   * @throws ErrnoException ENOSPC, EDQUOT if a shared page has to be copied
   */
  public void punch(Tree tree, long offset, long length) throws ErrnoException {
    if (content == null) {
      return;
    }
    long end = offset + length;
    int head = (int) offset & (Page.SIZE - 1);
    int tail = (int) end & (Page.SIZE - 1);
    long first = offset / Page.SIZE;
    long last = end / Page.SIZE;
    // All memory first, which changes no content.
    if (head != 0) {
      makeWritable(tree, first);
    }
    if (tail != 0) {
      makeWritable(tree, last);
    }
    long whole = head == 0 ? first : first + 1;
    for (long n = content.nextKey(whole); n >= 0 && n < last; n = content.nextKey(n + 1)) {
      content.reserve(n, tree.epoch());
    }
    if (head != 0 && page(first) != null) {
      page(first).clear(head, first == last ? tail : Page.SIZE);
    }
    if (tail != 0 && page(last) != null && (head == 0 || first != last)) {
      page(last).clear(0, tail);
    }
    int before = content.charged;
    for (long n = content.nextKey(whole); n >= 0 && n < last; n = content.nextKey(n + 1)) {
      content.charged -= tree.isOwnEpoch(page(n).epoch) ? 1 : 0;
      content.pages--;
      content.clear(n);
    }
    tree.ledger().credit(uid(), (long) (before - content.charged) * Page.SIZE, 0);
    if (content.isEmpty()) {
      content = null;
    }
  }

  private void makeWritable(Tree tree, long number) throws ErrnoException {
    if (page(number) != null) {
      writable(tree, number, 0);
    }
  }

  /**
   * Gives every page of a range storage, and makes the file as long unless it {@code keepsSize}.
   * All or nothing.
   *
   * @throws ErrnoException ENOSPC, EDQUOT
   */
  public void allocate(Tree tree, long offset, long length, boolean keepsSize)
      throws ErrnoException {
    long end = offset + length;
    long first = offset / Page.SIZE;
    long last = (end - 1) / Page.SIZE;
    long wanted = last - first + 1;
    // Enough to refuse a range that no memory could hold, without counting through it.
    if (wanted - pages() > Integer.MAX_VALUE / 2
        || (wanted - pages()) * Page.SIZE > tree.ledger().freeBytes()) {
      throw Errno.ENOSPC.exception();
    }
    var missing = new BitSet((int) wanted);
    for (int i = 0; i < wanted; i++) {
      if (page(first + i) == null) {
        missing.set(i);
      }
    }
    tree.ledger().charge(uid(), (long) missing.cardinality() * Page.SIZE, 0);
    int added = -1;
    try {
      for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
        add(tree, first + i, Page.blank(tree.epoch()));
        added = i;
      }
    } catch (OutOfMemoryError full) {
      for (int i = missing.nextSetBit(0); i >= 0 && i <= added; i = missing.nextSetBit(i + 1)) {
        remove(first + i);
      }
      tree.ledger().credit(uid(), (long) missing.cardinality() * Page.SIZE, 0);
      throw Errno.ENOSPC.exception();
    }
    if (!keepsSize) {
      size = Math.max(size, end);
    }
  }

  /** Where a content has the page at an offset, as far as the file goes; -1 if it does not. */
  public long positionIn(StoredContent stored, long offset) {
    int length = (int) Math.min(Page.SIZE, size - offset);
    return page(offset / Page.SIZE) instanceof StoredPage page
        ? page.positionIn(stored, length)
        : -1;
  }

  /** Told of a page that a content has. */
  interface StoredPageVisitor {
    void visit(long position, int length);
  }

  /** Tells of the pages that a content has. */
  void pagesIn(StoredContent stored, StoredPageVisitor visitor) {
    for (long n = content == null ? -1 : content.nextKey(0); n >= 0; n = content.nextKey(n + 1)) {
      long position = positionIn(stored, n * Page.SIZE);
      if (position >= 0) {
        visitor.visit(position, (int) Math.min(Page.SIZE, size - n * Page.SIZE));
      }
    }
  }

  /** The next offset from {@code offset} (below the size) on that has been written, or -1. */
  public long nextData(long offset) {
    if (content == null) {
      return -1;
    }
    long number = content.nextKey(offset / Page.SIZE);
    while (number >= 0 && !isData(number)) {
      number = content.nextKey(number + 1);
    }
    long found = number < 0 ? -1 : Math.max(offset, number * Page.SIZE);
    return found >= size ? -1 : found;
  }

  /** The next offset from {@code offset} (below the size) on that has not; at most the size. */
  public long nextHole(long offset) {
    long number = offset / Page.SIZE;
    long at = offset;
    while (at < size && isData(number)) {
      number++;
      // The last page of all ends where no offset could be.
      at = number > Long.MAX_VALUE / Page.SIZE ? size : number * Page.SIZE;
    }
    return Math.min(at, size);
  }

  // As tmpfs has it, a page that was allocated but never written is a hole still.
  private boolean isData(long number) {
    var page = page(number);
    return page != null && !page.isUnwritten();
  }

  private Page page(long number) {
    return content == null ? null : (Page) content.get(number);
  }

  private void writePage(Tree tree, long number, byte[] source, int offset) throws ErrnoException {
    var page = page(number);
    long epoch = tree.epoch();
    if (page != null && page.epoch == epoch) {
      page.reserve(Page.SIZE, false);
      page.write(0, source, offset, Page.SIZE);
    } else {
      install(tree, number, page, Page.of(source, offset, epoch));
    }
  }

  /** A page of the present epoch, with room up to {@code end}. */
  private Page writable(Tree tree, long number, int end) throws ErrnoException {
    var page = page(number);
    boolean alone = number == 0 && pages() <= 1;
    if (page != null && page.epoch == tree.epoch()) {
      page.reserve(end, alone);
      return page;
    }
    var fresh =
        page == null ? Page.blank(tree.epoch()) : Page.copyOf(page, Page.SIZE, tree.epoch());
    fresh.reserve(end, alone);
    install(tree, number, page, fresh);
    return fresh;
  }

  /** Puts a page in the place of an older one, or of a hole. */
  private void install(Tree tree, long number, Page replaced, Page page) throws ErrnoException {
    if (replaced != null && tree.isOwnEpoch(replaced.epoch)) {
      content.reserve(number, tree.epoch());
      content.set(number, page);
      return;
    }
    tree.ledger().charge(uid(), Page.SIZE, 0);
    boolean installed = false;
    try {
      if (replaced == null) {
        add(tree, number, page);
      } else {
        content.reserve(number, tree.epoch());
        content.set(number, page);
        content.charged++;
      }
      installed = true;
    } finally {
      if (!installed) {
        tree.ledger().credit(uid(), Page.SIZE, 0);
      }
    }
  }

  private void add(Tree tree, long number, Page page) {
    if (content == null) {
      content = new Content();
    }
    content.reserve(number, tree.epoch());
    content.set(number, page);
    content.pages++;
    content.charged++;
  }

  private void remove(long number) {
    content.clear(number);
    content.pages--;
    content.charged--;
  }
}
