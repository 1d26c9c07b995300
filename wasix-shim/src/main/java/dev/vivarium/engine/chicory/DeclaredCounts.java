package dev.vivarium.engine.chicory;

import dev.vivarium.engine.InvalidModuleException;

/**
 * Checks the counts by which the engine's parser would size arrays before it has read what they
 * count: a module of fifty bytes could take gigabytes.
 */
final class DeclaredCounts {
  /** The JavaScript API's limits. */
  private static final int MAX_PARAMS_OR_RESULTS = 1_000;

  private static final int MAX_LOCALS = 50_000;

  private static final int FUNCTION_TYPE = 0x60;

  /** The bytes that begin a reference type which goes on with a heap type. */
  private static final int REF = 0x64;

  private static final int REF_NULL = 0x63;

  private DeclaredCounts() {}

  /**
   * Checks the type section. It may define nothing but function types: the others belong to the
   * garbage-collection proposal, see {@link GuestFeatures}.
   */
  static void checkTypes(WasmReader reader) throws InvalidModuleException {
    for (int types = reader.readSize(); types > 0; types--) {
      if (reader.readByte() != FUNCTION_TYPE) {
        throw GuestFeatures.collected();
      }
      for (int list = 0; list < 2; list++) {
        int count = reader.readSize();
        if (count > MAX_PARAMS_OR_RESULTS) {
          throw new InvalidModuleException("a function type has more than 1000 values", null);
        }
        for (int i = 0; i < count; i++) {
          skipValueType(reader);
        }
      }
    }
  }

  /** Checks the beginning of a function body; returns the number of its locals. */
  static int checkLocals(WasmReader reader) throws InvalidModuleException {
    long locals = 0;
    for (int groups = reader.readSize(); groups > 0; groups--) {
      locals += reader.readSize();
      if (locals > MAX_LOCALS) {
        throw new InvalidModuleException("a function has more than 50000 locals", null);
      }
      skipValueType(reader);
    }
    return (int) locals;
  }

  /** Checks the element section. */
  static void checkElements(WasmReader reader) throws InvalidModuleException {
    for (int segments = reader.readSize(); segments > 0; segments--) {
      int flags = reader.readSize();
      boolean active = (flags & 1) == 0;
      boolean explicit = (flags & 2) != 0;
      boolean expressions = (flags & 4) != 0;
      if (active && explicit) {
        reader.readSize();
      }
      if (active) {
        skipExpression(reader);
      }
      if (explicit || !active) {
        // An element kind is one byte, and the reference types that are one byte are skipped alike.
        skipValueType(reader);
      }
      int count = reader.readSize();
      if (count > reader.remaining()) {
        throw new InvalidModuleException("the module's element section is damaged", null);
      }
      for (int i = 0; i < count; i++) {
        if (expressions) {
          skipExpression(reader);
        } else {
          reader.readSize();
        }
      }
    }
  }

  /** Checks the data section; returns the number of its segments. */
  static int checkData(WasmReader reader) throws InvalidModuleException {
    int count = reader.readSize();
    for (int i = 0; i < count; i++) {
      int flags = reader.readSize();
      boolean active = (flags & 1) == 0;
      if (flags == 2) {
        reader.readSize();
      }
      if (active) {
        skipExpression(reader);
      }
      reader.skip(reader.readSize());
    }
    return count;
  }

  private static void skipValueType(WasmReader reader) throws InvalidModuleException {
    int first = reader.readByte();
    if (first == REF || first == REF_NULL) {
      reader.skipNumber();
    }
  }

  private static void skipExpression(WasmReader reader) throws InvalidModuleException {
    while (true) {
      int opcode = reader.readByte();
      switch (opcode) {
        case 0x0B -> {
          return;
        }
        // Numbers; global.get; ref.null and ref.func.
        case 0x41, 0x42, 0x23, 0xD0, 0xD2 -> reader.skipNumber();
        case 0x43 -> reader.skip(4);
        case 0x44 -> reader.skip(8);
        // Sums, differences and products.
        case 0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E -> {}
        default ->
            throw new InvalidModuleException(
                "a segment's expression uses instruction 0x" + Integer.toHexString(opcode), null);
      }
    }
  }
}
