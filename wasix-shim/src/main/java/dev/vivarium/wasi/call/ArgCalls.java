package dev.vivarium.wasi.call;

/** Arguments and environment. */
public final class ArgCalls {
  private ArgCalls() {}

  public static void arguments(Call call) {
    call.guest().arguments().write(call.memory(), call.address(0), call.address(1));
  }

  public static void argumentSizes(Call call) {
    var strings = call.guest().arguments();
    call.give(strings.count(), strings.size());
  }

  public static void environment(Call call) {
    call.guest().environment().write(call.memory(), call.address(0), call.address(1));
  }

  public static void environmentSizes(Call call) {
    var strings = call.guest().environment();
    call.give(strings.count(), strings.size());
  }
}
