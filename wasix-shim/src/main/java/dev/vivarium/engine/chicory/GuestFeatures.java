package dev.vivarium.engine.chicory;

import com.dylibso.chicory.wasm.WasmModule;
import dev.vivarium.engine.InvalidModuleException;
import java.util.regex.Pattern;

/**
 * Turns away what the engine could run but the host could not bound.
 *
 * <p>Objects of the garbage-collection proposal live in the host's heap, where no limit of a guest
 * applies to them. No C toolchain emits them. Their types are refused by {@link DeclaredCounts}.
 */
final class GuestFeatures {
  /** The first byte of every instruction of the garbage-collection proposal. */
  private static final int GC_PREFIX = 0xFB;

  /** What the parser says of try, catch, rethrow, delegate and catch_all. */
  private static final Pattern LEGACY_EXCEPTION =
      Pattern.compile("illegal opcode, op value (06|07|09|18|19)\\b");

  private GuestFeatures() {}

  /**
   * Whether the parser's message is about exceptions as they were before they were standardised.
   */
  static boolean isLegacyException(String message) {
    return LEGACY_EXCEPTION.matcher(message).find();
  }

  /** Checks the initial values of globals. */
  static void checkGlobals(WasmModule module) throws InvalidModuleException {
    for (int i = 0; i < module.globalSection().globalCount(); i++) {
      for (var instruction : module.globalSection().getGlobal(i).initInstructions()) {
        if (instruction.opcode().opcode() >> 8 == GC_PREFIX) {
          throw collected();
        }
      }
    }
  }

  /** Checks the function bodies. */
  static void checkCode(WasmModule module) throws InvalidModuleException {
    for (int i = 0; i < module.codeSection().functionBodyCount(); i++) {
      for (var instruction : module.codeSection().getFunctionBody(i).instructions()) {
        if (instruction.opcode().opcode() >> 8 == GC_PREFIX) {
          throw collected();
        }
      }
    }
  }

  static InvalidModuleException collected() {
    return new InvalidModuleException(
        "the module uses garbage-collected types, which cannot be limited", null);
  }
}
