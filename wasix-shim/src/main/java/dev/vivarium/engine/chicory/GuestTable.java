package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;

/**
 * A table with limits of its own.
 *
 * <p>The engine's table writes its growth into the limits that the parsed module holds, which all
 * instances share: the next guest would begin with the table of the last.
 */
final class GuestTable extends TableInstance {
  private final Budget budget;

  GuestTable(Table table, int initialValue, Budget budget) {
    super(
        new Table(
            table.elementType(),
            new TableLimits(table.limits().min(), table.limits().max(), table.limits().shared())),
        initialValue);
    this.budget = budget;
  }

  @Override
  public int grow(int delta, int value, Instance instance) {
    if (delta < 0 || (long) size() + delta > limits().max() || !budget.take(delta)) {
      return -1;
    }
    return super.grow(delta, value, instance);
  }

  /** The entries that the tables of one instance may have together. */
  static final class Budget {
    /** Entries take 8 bytes of the host, and a guest that calls C functions has some thousands. */
    private static final int BYTES_OF_LIMIT_PER_ENTRY = 64;

    private static final int AT_LEAST = 1 << 16;
    private static final int AT_MOST = 10_000_000;

    private long left;

    Budget(long memoryLimit) {
      left = Math.max(AT_LEAST, Math.min(AT_MOST, memoryLimit / BYTES_OF_LIMIT_PER_ENTRY));
    }

    boolean take(long entries) {
      if (entries > left) {
        return false;
      }
      left -= entries;
      return true;
    }
  }
}
