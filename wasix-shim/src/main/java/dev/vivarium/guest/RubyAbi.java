package dev.vivarium.guest;

import static dev.vivarium.engine.ValueType.I32;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.GuestCaller;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.Signature;
import java.util.ArrayList;
import java.util.List;

/**
 * The interface of the Ruby reactor, {@code rb-abi-guest}, as typed calls. It is that of an early
 * canonical ABI: strings and lists are an address and a length in memory from {@code cabi_realloc},
 * a tuple comes back as an address, and an object of Ruby is a handle in a table that the host
 * keeps.
 *
 * <p>Every text that the guest takes as a C string must end in NUL, which is added here.
 */
final class RubyAbi {
  private static final Signature ONE_TO_ONE = new Signature(List.of(I32), List.of(I32));

  private static final String INIT = "ruby-init: func(args: list<string>) -> ()";
  private static final String EVAL =
      "rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>";
  private static final String CALL =
      "rb-funcallv-protect: func(recv: handle<rb-abi-value>, mid: u32,"
          + " args: list<handle<rb-abi-value>>) -> tuple<handle<rb-abi-value>, s32>";
  private static final String INTERN = "rb-intern: func(name: string) -> u32";
  private static final String ERRINFO = "rb-errinfo: func() -> handle<rb-abi-value>";
  private static final String CLEAR_ERRINFO = "rb-clear-errinfo: func() -> ()";
  private static final String TEXT = "rstring-ptr: func(value: handle<rb-abi-value>) -> string";
  private static final String FREE_TEXT = "cabi_post_rstring-ptr";

  /** The longest text that is taken from a guest. */
  private static final int MAX_TEXT = 65_536;

  /** What an evaluation ended with: its value, and how it ended (one of the constants). */
  record Result(int value, int tag) {
    /** It has come to its end. */
    static final int NONE = 0;

    /** An exception. */
    static final int RAISE = 6;

    /** An error that no program can rescue. */
    static final int FATAL = 8;

    boolean raised() {
      return tag == RAISE || tag == FATAL;
    }

    /**
     * The value of what cannot fail in a sound interpreter.
     *
     * @throws GuestTrap if it has failed nevertheless, naming it
     */
    int require(String what) {
      if (tag != NONE) {
        throw new GuestTrap(GuestTrap.Kind.OTHER, "Ruby failed in " + what + " (tag " + tag + ")");
      }
      return value;
    }
  }

  private final HandleTable handles;
  private final GuestCaller guest;

  /**
   * Speaks to a guest.
   *
   * @param handles the table that {@link #handleImports} of this guest work on
   */
  RubyAbi(GuestCaller guest, HandleTable handles) {
    this.guest = guest;
    this.handles = handles;
  }

  /** The functions by which the guest keeps its handles. */
  static List<HostImport> handleImports(HandleTable handles) {
    return List.of(
        new HostImport(
            "canonical_abi",
            "resource_new_rb-abi-value",
            ONE_TO_ONE,
            (caller, args) -> handles.add((int) args[0])),
        new HostImport(
            "canonical_abi",
            "resource_get_rb-abi-value",
            ONE_TO_ONE,
            (caller, args) -> handles.get((int) args[0])));
  }

  /** Runs the constructors of the module, as every reactor demands before its first call. */
  void initialize() {
    call("_initialize");
  }

  /** Starts the interpreter with the arguments of a command line, {@code ruby} the first. */
  void init(List<String> arguments) {
    int list = allocate(4, 8 * arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      var text = put(arguments.get(i));
      guest.memory().writeInt(list + 8 * i, text.address());
      guest.memory().writeInt(list + 8 * i + 4, text.length());
    }
    call(INIT, list, arguments.size());
  }

  /** Evaluates source text at the top level. */
  Result eval(String source) {
    var text = put(source);
    return result(number(EVAL, text.address(), text.length()));
  }

  /** Sends a message to an object. */
  Result send(int receiver, String method, int... arguments) {
    var text = put(method);
    int symbol = number(INTERN, text.address(), text.length());
    int list = allocate(4, Math.max(4, 4 * arguments.length));
    var passed = new ArrayList<Integer>();
    passed.add(handles.add(receiver));
    for (int i = 0; i < arguments.length; i++) {
      int handle = handles.add(arguments[i]);
      passed.add(handle);
      guest.memory().writeInt(list + 4 * i, handle);
    }
    try {
      return result(number(CALL, passed.get(0), symbol, list, arguments.length));
    } finally {
      passed.forEach(handles::remove);
    }
  }

  /** Takes the exception that the last evaluation ended with. */
  int takeError() {
    int error = handles.remove(number(ERRINFO));
    call(CLEAR_ERRINFO);
    return error;
  }

  /** The bytes of a string object as UTF-8 text. */
  String text(int string) {
    int handle = handles.add(string);
    int result = number(TEXT, handle);
    handles.remove(handle);
    int address = guest.memory().readInt(result);
    int length = guest.memory().readInt(result + 4);
    if (length < 0 || length > MAX_TEXT) {
      throw new GuestTrap(GuestTrap.Kind.OTHER, "a text of more than " + MAX_TEXT + " bytes");
    }
    var bytes = new byte[length];
    guest.memory().read(address, bytes, 0, length);
    call(FREE_TEXT, result);
    return new String(bytes, UTF_8);
  }

  private Result result(int tuple) {
    int value = handles.remove(guest.memory().readInt(tuple));
    return new Result(value, guest.memory().readInt(tuple + 4));
  }

  private record Text(int address, int length) {}

  private Text put(String text) {
    byte[] bytes = (text + '\0').getBytes(UTF_8);
    int address = allocate(1, bytes.length);
    guest.memory().write(address, bytes, 0, bytes.length);
    return new Text(address, bytes.length);
  }

  private int allocate(int alignment, int size) {
    return number("cabi_realloc", 0, 0, alignment, size);
  }

  private int number(String function, long... args) {
    var results = call(function, args);
    if (results.length != 1) {
      throw new GuestTrap(
          GuestTrap.Kind.OTHER, "the module is no Ruby reactor: " + function + " has no result");
    }
    return (int) results[0];
  }

  private long[] call(String function, long... args) {
    if (!guest.exportsFunction(function)) {
      throw new GuestTrap(
          GuestTrap.Kind.OTHER,
          "the module is no Ruby reactor: it exports no function " + function);
    }
    try {
      return guest.call(function, args);
    } catch (IllegalArgumentException e) {
      throw new GuestTrap(
          GuestTrap.Kind.OTHER, "the module is no Ruby reactor: " + e.getMessage(), e);
    }
  }
}
