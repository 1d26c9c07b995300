package dev.vivarium.wasi.trace;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.MemoryFaultException;
import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Layout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** A guest's values for people. Bounded, whatever the guest hands over; a bad address is shown. */
final class ValueText {
  private static final int MAX_TEXT = 64;
  private static final int MAX_VECTORS = 4;

  private final GuestMemory memory;

  ValueText(GuestMemory memory) {
    this.memory = memory;
  }

  /** An argument that the guest gives. */
  String argument(Kind kind, long[] args, int at) {
    return switch (kind) {
      case PATH, STRING -> string((int) args[at], unsigned(args[at + 1]));
      case CIOVECS -> vectors((int) args[at], unsigned(args[at + 1]), Long.MAX_VALUE);
      default -> kind.text(args[at]);
    };
  }

  /**
   * Room that the host has filled.
   *
   * @param filled how many bytes of it
   */
  String filled(Kind kind, long[] args, int at, long filled) {
    if (kind == Kind.IOVECS) {
      return vectors((int) args[at], unsigned(args[at + 1]), filled);
    }
    long room = unsigned(args[at + 1]);
    return (filled > 0 ? string((int) args[at], Math.min(room, filled)) + ", " : "") + room;
  }

  /** A result behind a pointer. */
  String struct(Layout layout, int address) {
    if (layout.isScalar()) {
      boolean fd = layout.fields().get(0).kind() == Kind.FD;
      return (fd ? "fd " : "") + text(layout, address, 0);
    }
    var fields = new ArrayList<String>();
    for (int i = 0; i < layout.fields().size(); i++) {
      fields.add(layout.fields().get(i).name() + "=" + text(layout, address, i));
    }
    return "{" + String.join(", ", fields) + "}";
  }

  long field(Layout layout, int address, int index) {
    return layout.read(memory, address, index);
  }

  private String text(Layout layout, int address, int index) {
    return layout.fields().get(index).kind().text(field(layout, address, index));
  }

  private String vectors(int address, long count, long limit) {
    try {
      var shown = new ArrayList<String>();
      long left = limit;
      for (int i = 0; i < Math.min(count, MAX_VECTORS); i++) {
        long length = unsigned(memory.readInt(address + 8 * i + 4));
        shown.add(string(memory.readInt(address + 8 * i), Math.min(left, length)));
        left -= Math.min(left, length);
      }
      if (count > MAX_VECTORS) {
        shown.add("... " + count + " in all");
      }
      return "[" + String.join(", ", shown) + "]";
    } catch (MemoryFaultException e) {
      return Kind.POINTER.text(address);
    }
  }

  private String string(int address, long length) {
    try {
      var bytes = new byte[(int) Math.min(length, MAX_TEXT)];
      memory.read(address, bytes, 0, bytes.length);
      return '"' + escaped(bytes) + '"' + (length > bytes.length ? "..." : "");
    } catch (MemoryFaultException e) {
      return Kind.POINTER.text(address);
    }
  }

  private static String escaped(byte[] bytes) {
    var text = new StringBuilder();
    // Latin-1, so that each byte is shown: names need not be valid UTF-8.
    for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
      switch (c) {
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        default -> text.append(c >= ' ' && c < 0x7F ? String.valueOf(c) : hex(c));
      }
    }
    return text.toString();
  }

  private static String hex(char c) {
    return "\\x" + Character.forDigit(c >> 4, 16) + Character.forDigit(c & 0xF, 16);
  }

  private static long unsigned(long value) {
    return value & 0xFFFF_FFFFL;
  }
}
