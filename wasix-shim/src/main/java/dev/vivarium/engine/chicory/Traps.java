package dev.vivarium.engine.chicory;

import com.dylibso.chicory.runtime.ChicoryInterruptedException;
import com.dylibso.chicory.runtime.WasmException;
import com.dylibso.chicory.wasm.UninstantiableException;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.GuestTrap.Kind;

/**
 * The engine's exceptions as traps. Their types say little, so their texts decide; a text that is
 * not known gives a trap all the same.
 */
final class Traps {
  private Traps() {}

  static GuestTrap of(Throwable e) {
    if (e instanceof GuestTrap trap) {
      return trap;
    }
    if (e instanceof ChicoryInterruptedException) {
      return new GuestTrap(Kind.INTERRUPTED, "interrupted", e);
    }
    if (e instanceof StackOverflowError) {
      return new GuestTrap(Kind.STACK_EXHAUSTED, "call stack exhausted", e);
    }
    if (e instanceof WasmException thrown) {
      return new GuestTrap(
          Kind.UNCAUGHT_EXCEPTION, "uncaught exception with tag " + thrown.tagIdx(), e);
    }
    if (e instanceof OutOfMemoryError) {
      return new GuestTrap(Kind.OTHER, "the host has no memory left", e);
    }
    if (e instanceof IndexOutOfBoundsException) {
      return new GuestTrap(Kind.MEMORY_OUT_OF_BOUNDS, "out of bounds memory access", e);
    }
    if (e instanceof UninstantiableException && e.getCause() != null) {
      return of(e.getCause());
    }
    var message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new GuestTrap(kind(message), message, e);
  }

  private static Kind kind(String message) {
    if (message.startsWith("Trapped on unreachable")) {
      return Kind.UNREACHABLE;
    }
    if (message.startsWith("out of bounds memory access")) {
      return Kind.MEMORY_OUT_OF_BOUNDS;
    }
    if (message.startsWith("out of bounds table access")
        || message.startsWith("undefined element")) {
      return Kind.TABLE_OUT_OF_BOUNDS;
    }
    if (message.startsWith("uninitialized element")) {
      return Kind.UNINITIALIZED_ELEMENT;
    }
    if (message.startsWith("indirect call type mismatch")
        // A type that more than a thousand functions have is looked up in another way.
        || message.startsWith("unknown function")) {
      return Kind.INDIRECT_CALL_TYPE_MISMATCH;
    }
    if (message.startsWith("integer divide by zero")) {
      return Kind.INTEGER_DIVIDE_BY_ZERO;
    }
    if (message.startsWith("integer overflow")) {
      return Kind.INTEGER_OVERFLOW;
    }
    if (message.startsWith("invalid conversion to integer")) {
      return Kind.INVALID_CONVERSION_TO_INTEGER;
    }
    if (message.startsWith("call stack exhausted")) {
      return Kind.STACK_EXHAUSTED;
    }
    return Kind.OTHER;
  }
}
