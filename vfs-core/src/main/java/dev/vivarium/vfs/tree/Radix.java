package dev.vivarium.vfs.tree;

import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A map from numbers to objects: a radix trie, 32-way, as high as its greatest key needs. A trie of
 * height 0 holds key 0 only, without any node. Part of its owner: whoever copies the owner into a
 * new epoch copies this too, which shares all nodes.
 */
class Radix {
  private static final int BITS = 5;
  private static final int MASK = (1 << BITS) - 1;
  private static final int FIRST_CAPACITY = 4;

  /** A node; {@code slots} is as long as its highest index needs, a power of two. */
  private static class Branch {
    final long epoch;
    // Null in one that is stored, until it is first looked into.
    Object[] slots;

    Branch(long epoch, Object[] slots) {
      this.epoch = epoch;
      this.slots = slots;
    }

    final Object[] slots() {
      var present = slots;
      return present != null ? present : fill();
    }

    Object[] fill() {
      throw new IllegalStateException("a node of this trie has always been filled");
    }
  }

  /** What is stored elsewhere, and becomes objects when it is first looked at. */
  interface Source {
    /** The smallest key from {@code from} on that has a value, or -1. */
    long next(long from);

    /** Makes the value of a key that has one. */
    Object value(long key);
  }

  /**
   * A node of what is stored elsewhere. It may be shared by any number of tries, under as many
   * locks; all of them get the same objects.
   */
  private static final class Stored extends Branch {
    private final Source source;
    private final long first;
    private final int shift;

    Stored(Source source, long first, int shift, long epoch) {
      super(epoch, null);
      this.source = source;
      this.first = first;
      this.shift = shift;
    }

    @Override
    synchronized Object[] fill() {
      if (slots == null) {
        var filled = new Object[1 << BITS];
        long next = source.next(first);
        while (next >= 0 && (next - first) >>> shift <= MASK) {
          int index = (int) ((next - first) >>> shift);
          long from = first + ((long) index << shift);
          filled[index] =
              shift == 0 ? source.value(next) : new Stored(source, from, shift - BITS, epoch);
          next = source.next(from + (1L << shift));
        }
        // Who sees the array without this lock must see what is in it.
        VarHandle.releaseFence();
        slots = filled;
      }
      return slots;
    }
  }

  private Object root;
  private byte height;
  // The lowest node on the way to the key that was reserved last, which is often the next one too;
  // or null. Never looked at in what is shared among threads, since only a change sets it.
  private Branch leaf;
  private long leafNumber;

  Radix() {}

  /**
   * What is stored elsewhere, in constant time. Its values are made once, when they or their
   * neighbours are first looked at.
   *
   * @param last the greatest key
   */
  Radix(Source source, long last, long epoch) {
    height = 1;
    while (!fits(last, height)) {
      height++;
    }
    root = new Stored(source, 0, BITS * (height - 1), epoch);
  }

  /** The same content; the nodes are shared. */
  Radix(Radix original) {
    root = original.root;
    height = original.height;
  }

  /** The same content; the nodes are shared. */
  final Radix copy() {
    return new Radix(this);
  }

  boolean isEmpty() {
    return root == null;
  }

  /** The value of a key that is not negative, or null. */
  Object get(long key) {
    if (leaf != null && key >>> BITS == leafNumber) {
      return slot(leaf, (int) key & MASK);
    }
    int shift = BITS * height;
    if (shift < Long.SIZE && key >>> shift != 0) {
      return null;
    }
    Object node = root;
    while (shift > 0 && node != null) {
      shift -= BITS;
      var slots = ((Branch) node).slots();
      int index = (int) (key >>> shift) & MASK;
      node = index < slots.length ? slots[index] : null;
    }
    return node;
  }

  /**
   * Makes sure that {@link #set} and {@link #clear} of this key need no memory. Changes no content.
   */
  void reserve(long key, long epoch) {
    if (leaf != null
        && leaf.epoch == epoch
        && key >>> BITS == leafNumber
        && ((int) key & MASK) < leaf.slots.length) {
      return;
    }
    leaf = null;
    while (!fits(key, height)) {
      if (root != null) {
        var slots = new Object[FIRST_CAPACITY];
        slots[0] = root;
        root = new Branch(epoch, slots);
      }
      height++;
    }
    if (height == 0) {
      return;
    }
    var branch = owned((Branch) root, epoch);
    if (branch != root) {
      root = branch;
    }
    for (int shift = BITS * (height - 1); ; shift -= BITS) {
      int index = (int) (key >>> shift) & MASK;
      if (index >= branch.slots.length) {
        branch.slots = Arrays.copyOf(branch.slots, capacity(index));
      }
      if (shift == 0) {
        leaf = branch;
        leafNumber = key >>> BITS;
        return;
      }
      var present = (Branch) branch.slots[index];
      var child = owned(present, epoch);
      if (child != present) {
        branch.slots[index] = child;
      }
      branch = child;
    }
  }

  /** Sets the value of a key that is {@linkplain #reserve reserved} in the present epoch. */
  void set(long key, Object value) {
    if (height == 0) {
      root = value;
      return;
    }
    lowest(key).slots[(int) key & MASK] = value;
  }

  /** The lowest node on the way to a key that is reserved. */
  private Branch lowest(long key) {
    if (leaf != null && key >>> BITS == leafNumber) {
      return leaf;
    }
    var branch = (Branch) root;
    for (int shift = BITS * (height - 1); shift > 0; shift -= BITS) {
      branch = (Branch) branch.slots[(int) (key >>> shift) & MASK];
    }
    return branch;
  }

  /**
   * Removes a key that is {@linkplain #reserve reserved} in the present epoch. Nodes that this
   * leaves without content go, also where something else was reserved: set before you clear.
   */
  void clear(long key) {
    if (height > 0) {
      var slots = lowest(key).slots;
      int index = (int) key & MASK;
      slots[index] = null;
      // Numbers that are given in turn are mostly taken back in turn.
      if ((index + 1 < slots.length && slots[index + 1] != null) || !isBlank(slots)) {
        return;
      }
    }
    leaf = null;
    root = cleared(root, key, BITS * (height - 1));
    if (root == null) {
      height = 0;
    }
  }

  private static Object cleared(Object node, long key, int shift) {
    if (shift < 0) {
      return null;
    }
    var slots = ((Branch) node).slots;
    int index = (int) (key >>> shift) & MASK;
    if (cleared(slots[index], key, shift - BITS) != null) {
      return node;
    }
    slots[index] = null;
    return isBlank(slots) ? null : node;
  }

  /** Makes sure that {@link #clearFrom} needs no memory. */
  void reserveFrom(long from, long epoch) {
    if (root != null && fits(from, height)) {
      reserve(from, epoch);
      fillFrom(root, from, BITS * (height - 1));
    }
  }

  private static void fillFrom(Object node, long from, int shift) {
    if (node == null || shift < 0) {
      return;
    }
    var slots = ((Branch) node).slots();
    int index = (int) (from >>> shift) & MASK;
    for (int i = index; shift > 0 && i < slots.length; i++) {
      fillFrom(slots[i], i == index ? from : 0, shift - BITS);
    }
  }

  /**
   * Removes all keys from {@code from} on.
   *
   * @param removed receives each value that goes
   */
  void clearFrom(long from, long epoch, Consumer<Object> removed) {
    if (root == null || (!fits(from, height))) {
      return;
    }
    reserve(from, epoch);
    leaf = null;
    root = clearedFrom(root, from, BITS * (height - 1), removed);
    if (root == null) {
      height = 0;
    }
  }

  private static Object clearedFrom(Object node, long from, int shift, Consumer<Object> removed) {
    if (shift < 0) {
      if (node != null) {
        removed.accept(node);
      }
      return null;
    }
    var slots = ((Branch) node).slots;
    int index = (int) (from >>> shift) & MASK;
    for (int i = index + 1; i < slots.length; i++) {
      forEach(slots[i], shift - BITS, 0, removed);
      slots[i] = null;
    }
    slots[index] = clearedFrom(slots[index], from, shift - BITS, removed);
    return isBlank(slots) ? null : node;
  }

  /** The smallest key from {@code from} on that has a value, or -1. */
  long nextKey(long from) {
    return fits(from, height) && root != null ? next(root, from, BITS * (height - 1)) : -1;
  }

  // The recursions of this class are as deep as a trie is high: 13 at most.
  private static long next(Object node, long from, int shift) {
    if (shift < 0) {
      return 0;
    }
    var slots = ((Branch) node).slots();
    int index = (int) (from >>> shift) & MASK;
    long rest = from & ((1L << shift) - 1);
    for (int i = index; i < slots.length; i++) {
      if (slots[i] != null) {
        long found = next(slots[i], rest, shift - BITS);
        if (found >= 0) {
          return ((long) i << shift) | found;
        }
      }
      rest = 0;
    }
    return -1;
  }

  /** Hands out every value, by ascending key. */
  void forEach(Consumer<Object> values) {
    forEach(root, BITS * (height - 1), 0, values);
  }

  /** As {@link #forEach}, without looking into nodes that are older than an epoch. */
  void forEachSince(long epoch, Consumer<Object> values) {
    forEach(root, BITS * (height - 1), epoch, values);
  }

  private static void forEach(Object node, int shift, long since, Consumer<Object> values) {
    if (node == null) {
      return;
    }
    if (shift < 0) {
      values.accept(node);
      return;
    }
    if (((Branch) node).epoch < since) {
      return;
    }
    for (var child : ((Branch) node).slots()) {
      forEach(child, shift - BITS, since, values);
    }
  }

  /** Receives a key whose values are not the same object; one of them may be null. */
  interface Difference {
    void at(long key, Object before, Object after);
  }

  /** Compares two tries by identity, without looking into what they share. */
  static void diff(Radix before, Radix after, Difference difference) {
    int height = Math.max(before.height, after.height);
    diff(before.raised(height), after.raised(height), 0, BITS * (height - 1), difference);
  }

  private Object raised(int wanted) {
    Object node = root;
    for (int h = height; h < wanted && node != null; h++) {
      node = new Branch(0, new Object[] {node});
    }
    return node;
  }

  private static void diff(Object before, Object after, long key, int shift, Difference to) {
    if (before == after) {
      return;
    }
    if (shift < 0) {
      to.at(key, before, after);
      return;
    }
    var old = before == null ? null : (Branch) before;
    var now = after == null ? null : (Branch) after;
    int length =
        Math.max(old == null ? 0 : old.slots().length, now == null ? 0 : now.slots().length);
    for (int i = 0; i < length; i++) {
      diff(
          old == null ? null : slot(old, i),
          now == null ? null : slot(now, i),
          key | ((long) i << shift),
          shift - BITS,
          to);
    }
  }

  private static Object slot(Branch branch, int index) {
    var slots = branch.slots();
    return index < slots.length ? slots[index] : null;
  }

  private static Branch owned(Branch branch, long epoch) {
    if (branch == null) {
      return new Branch(epoch, new Object[FIRST_CAPACITY]);
    }
    return branch.epoch == epoch ? branch : new Branch(epoch, branch.slots().clone());
  }

  private static boolean fits(long key, int height) {
    int bits = BITS * height;
    return bits >= Long.SIZE || key >>> bits == 0;
  }

  private static int capacity(int index) {
    return Math.max(FIRST_CAPACITY, Integer.highestOneBit(index) << 1);
  }

  private static boolean isBlank(Object[] slots) {
    for (var slot : slots) {
      if (slot != null) {
        return false;
      }
    }
    return true;
  }
}
