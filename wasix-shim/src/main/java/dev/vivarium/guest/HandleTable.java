package dev.vivarium.guest;

import dev.vivarium.engine.GuestTrap;
import java.util.Arrays;

/**
 * The resources of a guest that are named by handles: small numbers that stand for an address in
 * the guest, given out lowest free first.
 */
final class HandleTable {
  /** Far more than a driver ever holds; a guest that asks for more is leaking or hostile. */
  static final int LIMIT = 65_536;

  private static final int TAKEN = -1;

  private int[] values = new int[16];

  /** {@link #TAKEN}, or the next free handle, which makes the free ones a list. */
  private int[] next = new int[16];

  private int size;
  private int firstFree;

  /**
   * Names a value.
   *
   * @return its handle
   * @throws GuestTrap if {@link #LIMIT} handles are in use
   */
  int add(int value) {
    if (firstFree == size) {
      grow();
    }
    int handle = firstFree;
    firstFree = next[handle];
    values[handle] = value;
    next[handle] = TAKEN;
    return handle;
  }

  /** The value that a handle names, which traps if it names none. */
  int get(int handle) {
    if (handle < 0 || handle >= size || next[handle] != TAKEN) {
      throw new GuestTrap(GuestTrap.Kind.OTHER, "no such resource handle: " + handle);
    }
    return values[handle];
  }

  /** Ends a handle, which traps if it names nothing, and returns what it named. */
  int remove(int handle) {
    int value = get(handle);
    next[handle] = firstFree;
    firstFree = handle;
    return value;
  }

  private void grow() {
    if (size == LIMIT) {
      throw new GuestTrap(
          GuestTrap.Kind.OTHER, "the guest holds more than " + LIMIT + " resource handles");
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
      next = Arrays.copyOf(next, 2 * size);
    }
    next[size] = ++size;
  }
}
