package dev.vivarium.engine.chicory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.Signature;
import dev.vivarium.engine.ValueType;
import dev.vivarium.engine.WasmSource;
import java.io.IOException;
import java.util.List;

/** Shorthand for the tests of this package. */
final class Guests {
  static final long MEGABYTE = 1 << 20;

  private Guests() {}

  static ChicoryModule load(TinyModule module) throws IOException {
    return ChicoryEngine.withoutCache().load(WasmSource.of("tiny", module.build()), Progress.NONE);
  }

  static ChicoryInstance start(TinyModule module, HostImport... imports) throws IOException {
    return load(module).instantiate(List.of(imports), MEGABYTE);
  }

  static Signature signature(List<ValueType> params, ValueType... results) {
    return new Signature(params, List.of(results));
  }

  /** The trap that a call ends with; fails if it ends otherwise. */
  static GuestTrap.Kind trapOf(ChicoryInstance guest, String function, long... args) {
    var thrown = catchThrowable(() -> guest.call(function, args));
    assertThat(thrown).isInstanceOf(GuestTrap.class);
    return ((GuestTrap) thrown).kind();
  }

  /**
   * Code without effect: none, or more than a method can hold behind an empty try_table, for which
   * a function is not taken apart, so that the function it is in is left to the interpreter.
   */
  static byte[] padding(boolean interpreted) {
    if (!interpreted) {
      return new byte[0];
    }
    var padding = new byte[150_000];
    for (int i = 0; i < padding.length; i += 5) {
      // i32.const 70000, drop: three bytes of bytecode
      System.arraycopy(TinyModule.bytes(0x41, 0xF0, 0xA2, 0x04, 0x1A), 0, padding, i, 5);
    }
    return TinyModule.cat(TinyModule.bytes(0x1F, 0x40, 0x00, 0x0B), padding);
  }
}
