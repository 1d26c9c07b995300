package dev.vivarium.conformance.oracle;

import dev.vivarium.vfs.open.Transfer;
import dev.vivarium.vfs.posix.LockType;
import dev.vivarium.vfs.posix.TimeChange;
import dev.vivarium.vfs.posix.Whence;
import java.io.ByteArrayOutputStream;

/**
 * The arguments of a call, read one after the other as the helper does: numbers as C writes them,
 * strings as {@link Text#quote} does, flags by their names.
 */
final class Arguments {
  private final String text;
  private int at;

  Arguments(String text) {
    this.text = text;
  }

  long number() {
    return Long.decode(word());
  }

  int integer() {
    return (int) number();
  }

  boolean truth() {
    return number() != 0;
  }

  int flags() {
    return OpenFlag.parse(word());
  }

  Whence whence() {
    return Whence.valueOf(word());
  }

  /** An offset, or the description's own. */
  long offset() {
    String word = word();
    return word.equals("own") ? Transfer.OFFSET : Long.decode(word);
  }

  LockType lockType() {
    return LockType.valueOf(word());
  }

  TimeChange time() {
    String word = word();
    return switch (word) {
      case "now" -> TimeChange.NOW;
      case "omit" -> TimeChange.OMIT;
      default -> TimeChange.at(Long.parseLong(word));
    };
  }

  byte[] string() {
    String quoted = word();
    var bytes = new ByteArrayOutputStream(quoted.length());
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      if (c != '%') {
        bytes.write(c);
      } else if (quoted.charAt(i + 1) == 'x') {
        int end = quoted.indexOf(';', i);
        int times = Integer.parseInt(quoted.substring(i + 5, end));
        for (int n = 0; n < times; n++) {
          bytes.write(hex(quoted, i + 2));
        }
        i = end;
      } else {
        bytes.write(hex(quoted, i + 1));
        i += 2;
      }
    }
    return bytes.toByteArray();
  }

  private static int hex(String quoted, int from) {
    return Integer.parseInt(quoted, from, from + 2, 16);
  }

  private String word() {
    int end = text.indexOf(' ', at);
    String word = text.substring(at, end < 0 ? text.length() : end);
    at = end < 0 ? text.length() : end + 1;
    return word;
  }
}
