package dev.vivarium.conformance.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.Signature;
import dev.vivarium.engine.ValueType;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary module of a guest that does what it is told: it exports its memory, for each import a
 * function that hands its arguments on and one that first calls itself as often as its last
 * argument says, and {@code grow}, {@code spin} and {@code fall}, which grow the memory, loop and
 * recurse without end.
 */
public final class Forwarder {
  static final int PAGE = 65_536;

  /** What it begins with, in pages. */
  static final int PAGES = 4;

  private static final int END = 0x0B;
  private static final int CALL = 0x10;
  private static final int LOCAL_GET = 0x20;
  private static final int I32_CONST = 0x41;
  private static final int I32_SUB = 0x6B;
  private static final int VOID = 0x40;

  private static final Signature GROW =
      new Signature(List.of(ValueType.I32), List.of(ValueType.I32));
  private static final Signature PLAIN = new Signature(List.of(), List.of());

  private final List<byte[]> types = new ArrayList<>();
  private final List<byte[]> imports = new ArrayList<>();
  private final List<byte[]> functions = new ArrayList<>();
  private final List<byte[]> exports = new ArrayList<>();
  private final List<byte[]> bodies = new ArrayList<>();

  private Forwarder() {}

  /** The module that imports some functions. */
  public static byte[] of(List<Import> targets) {
    return new Forwarder().build(targets);
  }

  /** What the export that dives before it calls is named. */
  static String diving(Import target) {
    return "dive-" + target.id();
  }

  private byte[] build(List<Import> targets) {
    for (var target : targets) {
      imports.add(
          join(
              text(target.module()),
              text(target.shape().name()),
              bytes(0),
              number(type(target.shape().signature()))));
    }
    for (int i = 0; i < targets.size(); i++) {
      var target = targets.get(i);
      var signature = target.shape().signature();
      int arguments = signature.params().size();
      function(target.id(), signature, join(arguments(arguments), bytes(CALL), number(i)));
      function(
          diving(target), deeper(signature), dive(signature, i, imports.size() + bodies.size()));
    }
    function("grow", GROW, bytes(LOCAL_GET, 0, 0x40, 0));
    function("spin", PLAIN, bytes(0x03, VOID, 0x0C, 0, END));
    function("fall", PLAIN, join(bytes(CALL), number(imports.size() + bodies.size())));
    exports.add(join(text("memory"), bytes(2, 0)));
    return join(
        bytes(0, 'a', 's', 'm', 1, 0, 0, 0),
        section(1, types),
        section(2, imports),
        section(3, functions),
        section(5, List.of(join(bytes(0), number(PAGES)))),
        section(7, exports),
        section(10, bodies));
  }

  private static Signature deeper(Signature signature) {
    var params = new ArrayList<>(signature.params());
    params.add(ValueType.I32);
    return new Signature(params, signature.results());
  }

  /** {@code depth == 0 ? target(...) : self(..., depth - 1)}. */
  private static byte[] dive(Signature signature, int target, int self) {
    int depth = signature.params().size();
    int result = signature.results().isEmpty() ? VOID : code(signature.results().get(0));
    return join(
        bytes(LOCAL_GET, depth, 0x04, result),
        arguments(depth),
        bytes(LOCAL_GET, depth, I32_CONST, 1, I32_SUB, CALL),
        number(self),
        bytes(0x05),
        arguments(depth),
        bytes(CALL),
        number(target),
        bytes(END));
  }

  private void function(String name, Signature signature, byte[] code) {
    functions.add(number(type(signature)));
    bodies.add(sized(join(bytes(0), code, bytes(END))));
    int index = imports.size() + bodies.size() - 1;
    exports.add(join(text(name), bytes(0), number(index)));
  }

  private int type(Signature signature) {
    types.add(join(bytes(0x60), codes(signature.params()), codes(signature.results())));
    return types.size() - 1;
  }

  private static byte[] codes(List<ValueType> values) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(number(values.size()));
    values.forEach(value -> out.write(code(value)));
    return out.toByteArray();
  }

  private static int code(ValueType type) {
    return switch (type) {
      case I32 -> 0x7F;
      case I64 -> 0x7E;
      default -> throw new IllegalArgumentException("no import has a " + type);
    };
  }

  private static byte[] arguments(int count) {
    var out = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      out.write(LOCAL_GET);
      out.write(i);
    }
    return out.toByteArray();
  }

  private static byte[] section(int id, List<byte[]> rows) {
    return join(bytes(id), sized(join(number(rows.size()), join(rows.toArray(byte[][]::new)))));
  }

  private static byte[] text(String text) {
    return sized(text.getBytes(UTF_8));
  }

  private static byte[] sized(byte[] content) {
    return join(number(content.length), content);
  }

  /** In LEB128. */
  private static byte[] number(int value) {
    var out = new ByteArrayOutputStream();
    int rest = value;
    for (; rest > 0x7F; rest >>>= 7) {
      out.write(rest | 0x80);
    }
    out.write(rest);
    return out.toByteArray();
  }

  private static byte[] bytes(int... values) {
    var bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (var part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
