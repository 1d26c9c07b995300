package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.GlobalInstance;
import com.dylibso.chicory.wasm.types.MutabilityType;
import com.dylibso.chicory.wasm.types.ValType;

/** A global whose value is where compiled code has it: see {@link LinearMemory}. */
final class GuestGlobal extends GlobalInstance {
  private final LinearMemory memory;
  private final int index;

  GuestGlobal(long value, ValType type, MutabilityType mutability, LinearMemory memory, int index) {
    super(value, 0, type, mutability);
    this.memory = memory;
    this.index = index;
    memory.globals[index] = value;
  }

  @Override
  public long getValue() {
    return memory.globals[index];
  }

  @Override
  public long getValueLow() {
    return memory.globals[index];
  }

  @Override
  public void setValue(long value) {
    memory.globals[index] = value;
  }

  @Override
  public void setValueLow(long value) {
    memory.globals[index] = value;
  }
}
