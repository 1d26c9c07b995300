package dev.vivarium.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.GuestInstance;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.InstanceState;
import dev.vivarium.wasi.ByteMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The guest's side of Ruby's interface, without Ruby: it notes what it is told, and answers. */
final class FakeRuby implements GuestInstance {
  static final int NIL = 4;
  static final int ERROR = 1000;
  private static final int DRIVER = 2000;
  private static final int STATUS = 3000;
  private static final int HANDLE_PROBES = 64;

  final List<String> initArguments = new ArrayList<>();

  /** What {@link #state} answers. */
  Optional<InstanceState> state = Optional.empty();

  final List<String> sent = new ArrayList<>();
  final ByteMemory memory = new ByteMemory(1 << 18);
  boolean exportsNothing;
  boolean errorCleared;
  int startTag;
  int finishedWith;
  int tupleAddress = 64;
  int textLength = -1;
  String status = "0";

  private HostImport newHandle;
  private HostImport getHandle;
  private int allocated = 1024;
  private String interned;

  void connect(List<HostImport> imports) {
    newHandle = find(imports, "resource_new_rb-abi-value");
    getHandle = find(imports, "resource_get_rb-abi-value");
  }

  /** How many of the lowest handles still name something. */
  int handlesAlive() {
    int alive = 0;
    for (int handle = 0; handle < HANDLE_PROBES; handle++) {
      try {
        value(handle);
        alive++;
      } catch (GuestTrap free) {
        continue;
      }
    }
    return alive;
  }

  @Override
  public GuestMemory memory() {
    return memory;
  }

  @Override
  public boolean exportsFunction(String name) {
    return !exportsNothing;
  }

  @Override
  public long[] call(String name, long... args) {
    int colon = name.indexOf(':');
    return switch (colon < 0 ? name : name.substring(0, colon)) {
      case "_initialize", "cabi_post_rstring-ptr" -> none();
      case "cabi_realloc" -> one(allocate((int) args[3]));
      case "ruby-init" -> init((int) args[0], (int) args[1]);
      case "rb-eval-string-protect" -> tuple(text(args).startsWith("nil") ? NIL : DRIVER, 0);
      case "rb-intern" -> {
        interned = text(args);
        yield one(77);
      }
      case "rb-funcallv-protect" -> funcall(args);
      case "rb-errinfo" -> one(handle(ERROR));
      case "rb-clear-errinfo" -> {
        errorCleared = true;
        yield none();
      }
      case "rstring-ptr" -> statusText();
      default -> throw new AssertionError("not expected: " + name);
    };
  }

  @Override
  public boolean callToCheckpoint(String name) {
    throw new AssertionError("not expected: " + name);
  }

  @Override
  public void resume() {
    throw new AssertionError("not expected");
  }

  @Override
  public long[] callElement(int element, long... args) {
    throw new AssertionError("not expected: " + element);
  }

  @Override
  public Optional<InstanceState> state() {
    return state;
  }

  private long[] init(int list, int count) {
    for (int i = 0; i < count; i++) {
      initArguments.add(text(memory.readInt(list + 8 * i), memory.readInt(list + 8 * i + 4)));
    }
    return none();
  }

  private long[] funcall(long[] args) {
    if (value((int) args[0]) != DRIVER || args[1] != 77) {
      throw new AssertionError("sent to another object, or another message");
    }
    sent.add(interned);
    if (interned.equals("new\0")) {
      return tuple(DRIVER, 0);
    }
    if (interned.equals("start\0")) {
      return tuple(NIL, startTag);
    }
    finishedWith = value(memory.readInt((int) args[2]));
    return tuple(STATUS, 0);
  }

  private long[] statusText() {
    byte[] bytes = status.getBytes(UTF_8);
    int address = allocate(bytes.length);
    memory.write(address, bytes, 0, bytes.length);
    int result = allocate(8);
    memory.writeInt(result, address);
    memory.writeInt(result + 4, textLength < 0 ? bytes.length : textLength);
    return one(result);
  }

  private long[] tuple(int value, int tag) {
    if (tupleAddress >= 0) {
      memory.writeInt(tupleAddress, handle(value));
      memory.writeInt(tupleAddress + 4, tag);
    }
    return one(tupleAddress);
  }

  private int allocate(int size) {
    int address = allocated;
    allocated += (size + 7) & ~7;
    return address;
  }

  private String text(long[] args) {
    return text((int) args[0], (int) args[1]);
  }

  private String text(int address, int length) {
    var bytes = new byte[length];
    memory.read(address, bytes, 0, length);
    return new String(bytes, UTF_8);
  }

  private int handle(int value) {
    return (int) newHandle.handler().call(this, new long[] {value});
  }

  private int value(int handle) {
    return (int) getHandle.handler().call(this, new long[] {handle});
  }

  private static HostImport find(List<HostImport> imports, String name) {
    return imports.stream().filter(i -> i.name().equals(name)).findFirst().orElseThrow();
  }

  private static long[] none() {
    return new long[0];
  }

  private static long[] one(long value) {
    return new long[] {value};
  }
}
