package dev.vivarium.guest;

import dev.vivarium.engine.GuestInstance;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.GuestTrap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The memory of an interpreter that has started: where the placeholder is, and the mailbox of
 * {@code sitecustomize}.
 *
 * <p>The mailbox begins with a mark, the address of a function of no arguments that reads it, that
 * of the empty tuple, its capacity and the length of its letter, each in 4 bytes. The function is
 * called by way of its type's {@code tp_call}, as C code would call it.
 */
final class PythonMemory {
  private static final byte[] MARK = HexFormat.of().parseHex("7b1e5ad0c3f9428fa1d66b3e90c2874d");

  private static final int WINDOW = 1 << 20;

  private static final int FUNCTION = MARK.length;
  private static final int NO_ARGUMENTS = FUNCTION + 4;
  private static final int CAPACITY = FUNCTION + 8;
  private static final int LENGTH = FUNCTION + 12;
  private static final int LETTER = FUNCTION + 16;

  /** In {@code PyObject} and {@code PyTypeObject}, where pointers have 4 bytes. */
  private static final int OB_TYPE = 4;

  private static final int TP_CALL = 64;

  private final GuestInstance guest;

  /**
   * The mailbox's address, the placeholder's length in characters, and the addresses of its copies
   * as {@code wchar_t} strings.
   */
  private final long[] addresses;

  PythonMemory(GuestInstance guest, long[] addresses) {
    this.guest = guest;
    this.addresses = addresses;
  }

  /**
   * Looks for them in a guest that has come to its checkpoint.
   *
   * @throws GuestTrap if they are not there: the module is not the one that this is for
   */
  static PythonMemory find(GuestInstance guest, String placeholder) {
    var marks = places(guest.memory(), MARK);
    if (marks.size() != 1) {
      throw missing("the mailbox");
    }
    var addresses = new ArrayList<Long>();
    addresses.add((long) marks.get(0));
    addresses.add((long) placeholder.length());
    if (!placeholder.isEmpty()) {
      var wide = ByteBuffer.allocate(4 * placeholder.length()).order(ByteOrder.LITTLE_ENDIAN);
      placeholder.chars().forEach(wide::putInt);
      places(guest.memory(), wide.array()).forEach(place -> addresses.add((long) place));
      if (addresses.size() == 2) {
        throw missing("the program's place");
      }
    }
    return new PythonMemory(guest, addresses.stream().mapToLong(address -> address).toArray());
  }

  /**
   * Where these bytes are, window by window: the guest may have more memory than is to be copied.
   */
  private static List<Integer> places(GuestMemory memory, byte[] wanted) {
    var places = new ArrayList<Integer>();
    var window = new byte[WINDOW + wanted.length];
    for (long start = 0; start + wanted.length <= memory.size(); start += WINDOW) {
      int length = (int) Math.min(window.length, memory.size() - start);
      memory.read((int) start, window, 0, length);
      for (int at = 0; at < WINDOW && at + wanted.length <= length; at++) {
        if (window[at] == wanted[0]
            && Arrays.equals(window, at, at + wanted.length, wanted, 0, wanted.length)) {
          places.add((int) start + at);
        }
      }
    }
    return places;
  }

  private static GuestTrap missing(String what) {
    return new GuestTrap(
        GuestTrap.Kind.OTHER, "python has started, and " + what + " is not in its memory");
  }

  GuestInstance guest() {
    return guest;
  }

  long[] addresses() {
    return addresses.clone();
  }

  /**
   * Puts a program in the placeholder's place, and tells the interpreter what it has to know.
   *
   * @throws GuestTrap if what is in memory is not what {@code sitecustomize} puts there: code of
   *     the user's may have run while the interpreter started
   */
  void enter(PythonProgram program) {
    int mailbox = (int) addresses[0];
    var memory = guest.memory();
    var letter = program.letter();
    if (letter.length > memory.readInt(mailbox + CAPACITY)) {
      throw missing("a mailbox that is large enough");
    }
    memory.writeInt(mailbox + LENGTH, letter.length);
    memory.write(mailbox + LETTER, letter, 0, letter.length);
    int function = memory.readInt(mailbox + FUNCTION);
    int type = memory.readInt(function + OB_TYPE);
    int element = memory.readInt(type + TP_CALL);
    long[] answer;
    try {
      answer = guest.callElement(element, function, memory.readInt(mailbox + NO_ARGUMENTS), 0);
    } catch (IllegalArgumentException e) {
      throw missing("a function of three arguments");
    }
    if (answer.length != 1 || answer[0] == 0) {
      throw new GuestTrap(GuestTrap.Kind.OTHER, "python could not take its arguments");
    }
    for (int i = 2; i < addresses.length; i++) {
      replace((int) addresses[i], program.text());
    }
  }

  /** What follows the placeholder stays: the interpreter ends the text of {@code -c} by a line. */
  private void replace(int address, String text) {
    int length = (int) addresses[1];
    var codePoints = text.codePoints().toArray();
    int behind = guest.memory().readInt(address + 4 * length);
    var wide = ByteBuffer.allocate(4 * codePoints.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int codePoint : codePoints) {
      wide.putInt(codePoint);
    }
    wide.putInt(behind).putInt(0);
    int bytes = behind == 0 ? wide.position() - 4 : wide.position();
    guest.memory().write(address, wide.array(), 0, bytes);
  }
}
