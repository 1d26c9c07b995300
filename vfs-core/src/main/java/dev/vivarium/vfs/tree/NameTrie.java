package dev.vivarium.vfs.tree;

import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * A map from names to entries: a hash array mapped trie (Bagwell), 64-way. Names whose hashes are
 * equal throughout share a list below the last level. Part of its owner, as {@link Radix}.
 */
final class NameTrie {
  private static final int BITS = 6;

  /** Where the hash is used up: nodes from here on are lists. */
  private static final int EXHAUSTED = 36;

  /**
   * A node. Its slots hold an {@link Entry} or a node for each bit of the bitmap; in a list,
   * entries, and the bitmap is their count. What lies behind them is null.
   */
  private static class Node {
    final long epoch;
    long bitmap;
    Object[] slots;

    Node(long epoch, long bitmap, Object[] slots) {
      this.epoch = epoch;
      this.bitmap = bitmap;
      this.slots = slots;
    }

    Node owned(long now) {
      return epoch == now ? this : new Node(now, bitmap, slots.clone());
    }

    void insert(int index, int count, Object value) {
      if (count == slots.length) {
        // What has an odd length has room for one more in any case.
        var grown = new Object[(count + 2) & ~1];
        System.arraycopy(slots, 0, grown, 0, index);
        System.arraycopy(slots, index, grown, index + 1, count - index);
        slots = grown;
      } else {
        System.arraycopy(slots, index, slots, index + 1, count - index);
      }
      slots[index] = value;
    }

    void delete(int index, int count) {
      System.arraycopy(slots, index + 1, slots, index, count - index - 1);
      slots[count - 1] = null;
    }
  }

  /** The root of what is stored elsewhere, without slots until it is first looked into. */
  private static final class Stored extends Node {
    private final StoredEntries entries;

    Stored(StoredEntries entries, long epoch) {
      super(epoch, 0, null);
      this.entries = entries;
    }

    synchronized void fill() {
      if (slots == null) {
        var filled = new NameTrie();
        for (var entry : entries.all()) {
          filled.put(entry, epoch);
        }
        bitmap = filled.root.bitmap;
        // Who sees the array without this lock must see what is in it.
        VarHandle.releaseFence();
        slots = filled.root.slots;
      }
    }
  }

  private Node root;

  NameTrie() {}

  /** What is stored elsewhere, in constant time; at least one entry. */
  NameTrie(StoredEntries entries, long epoch) {
    root = new Stored(entries, epoch);
  }

  private Node root() {
    var present = root;
    if (present != null && present.slots == null) {
      ((Stored) present).fill();
    }
    return present;
  }

  NameTrie copy() {
    var copy = new NameTrie();
    copy.root = root;
    return copy;
  }

  /** The entry of a name with this hash, or null. Allocates nothing. */
  Entry get(byte[] path, int offset, int length, int hash) {
    var node = root();
    int shift = 0;
    while (node != null) {
      if (shift >= EXHAUSTED) {
        int at = indexInList(node, path, offset, length);
        return at < 0 ? null : (Entry) node.slots[at];
      }
      long bit = bit(hash, shift);
      if ((node.bitmap & bit) == 0) {
        return null;
      }
      var slot = node.slots[index(node.bitmap, bit)];
      if (slot instanceof Entry entry) {
        return entry.hash() == hash && entry.isNamed(path, offset, length) ? entry : null;
      }
      node = (Node) slot;
      shift += BITS;
    }
    return null;
  }

  /**
   * Adds an entry, or puts it in the place of the one that has the name. All or nothing, if memory
   * runs out: what is linked in is linked last.
   */
  void put(Entry entry, long epoch) {
    var changed = root == null ? single(entry, 0, epoch) : put(root(), entry, 0, epoch);
    if (changed != root) {
      root = changed;
    }
  }

  private static Node single(Entry entry, int shift, long epoch) {
    long bitmap = shift >= EXHAUSTED ? 1 : bit(entry.hash(), shift);
    var slots = new Object[2];
    slots[0] = entry;
    return new Node(epoch, bitmap, slots);
  }

  // Seven levels at most, as those below.
  private static Node put(Node node, Entry entry, int shift, long epoch) {
    if (shift >= EXHAUSTED) {
      return putInList(node, entry, epoch);
    }
    long bit = bit(entry.hash(), shift);
    int index = index(node.bitmap, bit);
    if ((node.bitmap & bit) == 0) {
      int count = Long.bitCount(node.bitmap);
      if (node.epoch != epoch) {
        var slots = new Object[count + 1];
        System.arraycopy(node.slots, 0, slots, 0, index);
        slots[index] = entry;
        System.arraycopy(node.slots, index, slots, index + 1, count - index);
        return new Node(epoch, node.bitmap | bit, slots);
      }
      node.insert(index, count, entry);
      node.bitmap |= bit;
      return node;
    }
    var slot = node.slots[index];
    Object replacement;
    if (slot instanceof Node child) {
      replacement = put(child, entry, shift + BITS, epoch);
    } else {
      var present = (Entry) slot;
      byte[] name = entry.name();
      if (present.hash() == entry.hash() && present.isNamed(name, 0, name.length)) {
        replacement = entry;
      } else {
        replacement = put(single(present, shift + BITS, epoch), entry, shift + BITS, epoch);
      }
    }
    if (replacement == slot) {
      return node;
    }
    var owned = node.owned(epoch);
    owned.slots[index] = replacement;
    return owned;
  }

  private static Node putInList(Node list, Entry entry, long epoch) {
    byte[] name = entry.name();
    int at = indexInList(list, name, 0, name.length);
    var owned = list.owned(epoch);
    if (at >= 0) {
      owned.slots[at] = entry;
    } else {
      owned.insert((int) owned.bitmap, (int) owned.bitmap, entry);
      owned.bitmap++;
    }
    return owned;
  }

  /** Makes sure that {@link #remove} of this entry needs no memory. Changes no content. */
  void reserve(Entry entry, long epoch) {
    var owned = reserved(root(), entry.hash(), 0, epoch);
    if (owned != root) {
      root = owned;
    }
  }

  private static Node reserved(Node node, int hash, int shift, long epoch) {
    var owned = node.owned(epoch);
    if (shift < EXHAUSTED) {
      int index = index(owned.bitmap, bit(hash, shift));
      if (owned.slots[index] instanceof Node child) {
        var ownedChild = reserved(child, hash, shift + BITS, epoch);
        if (ownedChild != child) {
          owned.slots[index] = ownedChild;
        }
      }
    }
    return owned;
  }

  /** Removes an entry that is there, and is {@linkplain #reserve reserved} in this epoch. */
  void remove(Entry entry) {
    remove(root, entry, 0);
    if (root.bitmap == 0) {
      root = null;
    }
  }

  private static void remove(Node node, Entry entry, int shift) {
    if (shift >= EXHAUSTED) {
      byte[] name = entry.name();
      node.delete(indexInList(node, name, 0, name.length), (int) node.bitmap);
      node.bitmap--;
      return;
    }
    long bit = bit(entry.hash(), shift);
    int index = index(node.bitmap, bit);
    if (node.slots[index] instanceof Node child) {
      remove(child, entry, shift + BITS);
      long left = shift + BITS >= EXHAUSTED ? child.bitmap : Long.bitCount(child.bitmap);
      if (left == 1 && child.slots[0] instanceof Entry only) {
        node.slots[index] = only;
      }
    } else {
      node.delete(index, Long.bitCount(node.bitmap));
      node.bitmap &= ~bit;
    }
  }

  private static int indexInList(Node list, byte[] path, int offset, int length) {
    for (int i = 0; i < list.bitmap; i++) {
      if (((Entry) list.slots[i]).isNamed(path, offset, length)) {
        return i;
      }
    }
    return -1;
  }

  private static long bit(int hash, int shift) {
    return 1L << (hash >>> shift);
  }

  private static int index(long bitmap, long bit) {
    return Long.bitCount(bitmap & (bit - 1));
  }

  /** For checks: every entry, in no order that means anything. */
  void forEach(Consumer<Entry> entries) {
    if (root != null) {
      forEach(root(), entries);
    }
  }

  private static void forEach(Node node, Consumer<Entry> entries) {
    for (var slot : node.slots) {
      if (slot instanceof Entry entry) {
        entries.accept(entry);
      } else if (slot != null) {
        forEach((Node) slot, entries);
      }
    }
  }
}
