package dev.vivarium.engine;

/**
 * A function that the host gives to a guest, already lowered to core WebAssembly values.
 *
 * @param module the import's module name, such as {@code wasi_snapshot_preview1}
 * @param name the import's field name, such as {@code fd_write}
 * @param signature its core type; at most one result
 * @param handler what runs when the guest calls it
 * @param leaf whether the handler may be cut short by a stack overflow at any point without harm:
 *     it reads a clock, or only touches the guest's own memory. The binding gives all others at
 *     least {@value #HANDLER_STACK_BYTES} bytes of stack, which costs a little at each call
 */
public record HostImport(
    String module, String name, Signature signature, Handler handler, boolean leaf) {

  /** The stack that a handler can count on unless it is a leaf. */
  public static final int HANDLER_STACK_BYTES = 256 << 10;

  /** A function whose handler must never be cut short. */
  public HostImport(String module, String name, Signature signature, Handler handler) {
    this(module, name, signature, handler, false);
  }

  /** The body of a host function. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Serves one call.
     *
     * @param caller the instance that called
     * @param args the arguments: an i32 sign-extended (read it with a cast to {@code int}), floats
     *     as their raw bits. The array belongs to the callee for the duration of the call only.
     * @return the result in the same encoding; ignored for a function without a result
     * @throws GuestTrap to end the guest with a trap
     */
    long call(GuestCaller caller, long[] args);
  }
}
