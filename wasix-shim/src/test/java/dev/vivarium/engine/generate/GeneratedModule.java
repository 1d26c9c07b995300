package dev.vivarium.engine.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A valid module made of {@link Choices}, with every construct that a compiler may emit: functions
 * of all number types that call each other and the host, directly, through tables and by tail
 * calls, with nested blocks, loops and switches, multiple values, early returns, exceptions,
 * references, traps in the middle, memories that grow and tables that change.
 *
 * <p>Global {@value #FUEL_GLOBAL} holds fuel that loops and calls burn, so that every call ends. It
 * is set by the export {@code fuel}; the globals are read by the exports {@code g0}, {@code g1},
 * ... and the functions are {@code f0}, {@code f1}, ...
 */
public final class GeneratedModule {
  static final int FUEL_GLOBAL = 0;

  /** The most pages that the memory may have. */
  public static final int MOST_PAGES = 6;

  private static final int INDIRECT = 0;
  private static final int PASSIVE_BYTES = 300;

  /** The types of the module's globals: fuel, then two of each number type, then references. */
  private static final byte[] GLOBALS = {
    Type.I32,
    Type.I32,
    Type.I64,
    Type.F32,
    Type.F64,
    Type.I32,
    Type.I64,
    Type.F32,
    Type.F64,
    Type.FUNCREF,
    Type.EXTERNREF
  };

  /** This and the next three cannot be changed. */
  private static final int FIRST_CONSTANT = 5;

  private static final int NUMBER_GLOBALS = 9;

  final Choices choices;
  private final List<Type> types = new ArrayList<>();
  private final List<Type> hosts = new ArrayList<>();
  private final List<Type> functions = new ArrayList<>();
  private final boolean memory;

  /** What each table holds at the beginning: functions, or -1. */
  private final List<int[]> tables = new ArrayList<>();

  private final boolean tablesChange;
  private final boolean tableExported;
  private final boolean references;
  private final boolean tailCalls;
  private final byte[] bytes;

  /** Makes a module; how large its functions are is one of the choices. */
  public GeneratedModule(Choices choices) {
    this(choices, true);
  }

  private GeneratedModule(Choices choices, boolean tailCalls) {
    this.choices = choices;
    this.tailCalls = tailCalls;
    memory = !choices.oneIn(12);
    tablesChange = choices.oneIn(3);
    tableExported = choices.oneIn(4);
    references = tablesChange || choices.oneIn(4);
    for (int n = choices.below(3); n > 0; n--) {
      hosts.add(new Type(numbers(choices.below(5)), numbers(choices.below(2))));
    }
    for (int n = 1 + choices.below(7); n > 0; n--) {
      int results = choices.oneIn(6) ? choices.below(4) : choices.oneIn(4) ? 0 : 1;
      functions.add(new Type(numbers(choices.below(6)), numbers(results)));
    }
    for (int n = choices.oneIn(6) ? 2 : 1; n > 0; n--) {
      tables.add(table());
    }
    bytes = assemble();
  }

  private int[] table() {
    var table = new int[choices.oneIn(4) ? 100 + choices.below(700) : 1 + choices.below(12)];
    for (int i = 0; i < table.length; i++) {
      // Functions of the host are left out: their place is not what is looked at here.
      table[i] = choices.oneIn(12) ? -1 : hosts.size() + choices.below(functions.size());
    }
    return table;
  }

  private byte[] numbers(int count) {
    var some = new byte[count];
    for (int i = 0; i < count; i++) {
      some[i] = Type.NUMBERS[choices.below(Type.NUMBERS.length)];
    }
    return some;
  }

  /** The binary module. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The same with a call and a return where this has a tail call. */
  public GeneratedModule withoutTailCalls() {
    return new GeneratedModule(Choices.of(choices.taken()), false);
  }

  /** The types of the functions that it imports: {@code host.0}, {@code host.1}, ... */
  public List<Type> hosts() {
    return List.copyOf(hosts);
  }

  /** The types of the functions that it exports as {@code f0}, {@code f1}, ... */
  public List<Type> functions() {
    return List.copyOf(functions);
  }

  /** The types of what the exports {@code g0}, {@code g1}, ... answer. */
  public List<Type> globals() {
    return IntStream.range(0, GLOBALS.length)
        .mapToObj(i -> new Type(Type.NONE, new byte[] {i < NUMBER_GLOBALS ? GLOBALS[i] : Type.I32}))
        .toList();
  }

  boolean hasMemory() {
    return memory;
  }

  boolean tablesChange() {
    return tablesChange;
  }

  /** The functions that may be called, those of the host first. */
  int functionCount() {
    return hosts.size() + functions.size();
  }

  boolean isHost(int function) {
    return function < hosts.size();
  }

  Type typeOf(int function) {
    return isHost(function) ? hosts.get(function) : functions.get(function - hosts.size());
  }

  /** The index of a type, which is added if it is new. */
  int type(Type type) {
    int index = types.indexOf(type);
    if (index >= 0) {
      return index;
    }
    types.add(type);
    return types.size() - 1;
  }

  int anyTable() {
    return choices.below(tables.size());
  }

  int tableMask(int table) {
    return (Integer.highestOneBit(tables.get(table).length) << 1) - 1;
  }

  /** A function to refer to; -1 for none. */
  int referred() {
    int function = choices.below(functions.size() + 1) - 1;
    return references && function >= 0 ? hosts.size() + function : -1;
  }

  boolean tailCalls() {
    return tailCalls;
  }

  /** Where a table holds functions of a type at the beginning. */
  List<Integer> places(int table, Type type) {
    int[] contents = tables.get(table);
    return IntStream.range(0, contents.length)
        .filter(i -> contents[i] >= 0 && typeOf(contents[i]).equals(type))
        .boxed()
        .toList();
  }

  int anyGlobal(byte wanted) {
    int first = wanted == Type.I32 ? 1 : wanted == Type.I64 ? 2 : wanted == Type.F32 ? 3 : 4;
    return choices.oneIn(3) ? first + FIRST_CONSTANT - 1 : first;
  }

  /** A global of the type that can be set. */
  int variable(byte wanted) {
    for (int i = 1; i < GLOBALS.length; i++) {
      if (GLOBALS[i] == wanted) {
        return i;
      }
    }
    throw new IllegalArgumentException("no global of type " + wanted);
  }

  private byte[] assemble() {
    var imports = new Code().u32(hosts.size());
    for (int i = 0; i < hosts.size(); i++) {
      imports.name("host").name(Integer.toString(i)).u8(0).u32(type(hosts.get(i)));
    }
    int size = new int[] {20, 20, 40, 80, 80, 300}[choices.below(6)];
    var indexes = new ArrayList<Integer>();
    var bodies = new ArrayList<Code>();
    var exports = new ArrayList<Code>();
    for (int i = 0; i < functions.size(); i++) {
      var type = functions.get(i);
      indexes.add(type(type));
      exports.add(export("f" + i, indexes.size() - 1));
      bodies.add(new Statements(new Scope(this, type)).write(size));
    }
    for (int i = 0; i < GLOBALS.length; i++) {
      indexes.add(type(globals().get(i)));
      exports.add(export("g" + i, indexes.size() - 1));
      var body = new Code().u8(0).op(Scope.GLOBAL_GET, i);
      // Of a reference it can be seen whether there is one.
      bodies.add(i < NUMBER_GLOBALS ? body.u8(Scope.END) : body.u8(0xd1, Scope.END));
    }
    indexes.add(type(new Type(new byte[] {Type.I32}, Type.NONE)));
    exports.add(export("fuel", indexes.size() - 1));
    bodies.add(
        new Code().u8(0).op(Scope.LOCAL_GET, 0).op(Scope.GLOBAL_SET, FUEL_GLOBAL).u8(Scope.END));
    if (tableExported) {
      exports.add(new Code().name("table").u8(1).u32(INDIRECT));
    }
    int tagType = type(new Type(new byte[] {Type.I32, Type.F64}, Type.NONE));
    int plainTag = type(new Type(Type.NONE, Type.NONE));

    var out = new Code().u8(0, 'a', 's', 'm', 1, 0, 0, 0);
    out.u8(1).sized(types()).u8(2).sized(imports);
    out.u8(3).sized(numbers(indexes)).u8(4).sized(tableSection());
    if (memory) {
      int most = choices.oneIn(3) ? 100 : 1 + choices.below(MOST_PAGES);
      out.u8(5).sized(new Code().u32(1).u8(1).u32(1).u32(most));
    }
    out.u8(13).sized(new Code().u32(2).u8(0).u32(plainTag).u8(0).u32(tagType));
    out.u8(6).sized(globalSection()).u8(7).sized(vector(exports)).u8(9).sized(elements());
    if (memory) {
      out.u8(12).sized(new Code().u32(2));
    }
    out.u8(10).sized(bodySection(bodies));
    if (memory) {
      out.u8(11).sized(data());
    }
    return out.toByteArray();
  }

  private Code export(String name, int function) {
    return new Code().name(name).u8(0).u32(hosts.size() + function);
  }

  private Code types() {
    var section = new Code().u32(types.size());
    for (var type : types) {
      section.u8(0x60).types(type.params()).types(type.results());
    }
    return section;
  }

  private static Code numbers(List<Integer> values) {
    var section = new Code().u32(values.size());
    values.forEach(section::u32);
    return section;
  }

  private static Code vector(List<Code> rows) {
    var section = new Code().u32(rows.size());
    rows.forEach(section::all);
    return section;
  }

  private static Code bodySection(List<Code> bodies) {
    var section = new Code().u32(bodies.size());
    bodies.forEach(section::sized);
    return section;
  }

  private Code tableSection() {
    var section = new Code().u32(tables.size());
    for (var table : tables) {
      section.u8(Type.FUNCREF, 1).u32(table.length).u32(table.length + 5);
    }
    return section;
  }

  private Code globalSection() {
    var section = new Code().u32(GLOBALS.length);
    for (int i = 0; i < GLOBALS.length; i++) {
      boolean mutable = i < FIRST_CONSTANT || i >= NUMBER_GLOBALS;
      section.u8(GLOBALS[i], mutable ? 1 : 0);
      switch (GLOBALS[i]) {
        case Type.I32 -> section.u8(0x41).s64(i * 7 - 10);
        case Type.I64 -> section.u8(0x42).s64(Long.MIN_VALUE + i);
        case Type.F32 -> section.u8(0x43).fixed(Float.floatToRawIntBits(i - 1.5f), 4);
        case Type.F64 -> section.u8(0x44).fixed(Double.doubleToRawLongBits(2.5 - i), 8);
        default -> section.u8(0xd0, GLOBALS[i]);
      }
      section.u8(Scope.END);
    }
    return section;
  }

  /** A passive segment, active ones, one for each run without a hole, and a declarative one. */
  private Code elements() {
    var segments = new ArrayList<Code>();
    if (tablesChange) {
      segments.add(functionVector(new Code().u8(1, 0)));
    }
    for (int t = 0; t < tables.size(); t++) {
      int[] table = tables.get(t);
      for (int from = 0; from < table.length; from++) {
        int to = from;
        while (to < table.length && table[to] >= 0) {
          to++;
        }
        if (to > from) {
          var segment = t == 0 ? new Code().u8(0) : new Code().u8(2).u32(t);
          segment.u8(0x41).s64(from).u8(Scope.END);
          if (t > 0) {
            segment.u8(0);
          }
          segment.u32(to - from);
          for (int i = from; i < to; i++) {
            segment.u32(table[i]);
          }
          segments.add(segment);
          from = to;
        }
      }
    }
    if (references) {
      // The engine lets code refer to what a declarative segment names, and to nothing else.
      segments.add(functionVector(new Code().u8(3, 0)));
    }
    return vector(segments);
  }

  private Code functionVector(Code segment) {
    segment.u32(functions.size());
    for (int i = 0; i < functions.size(); i++) {
      segment.u32(hosts.size() + i);
    }
    return segment;
  }

  private Code data() {
    var first = new byte[PASSIVE_BYTES];
    var second = new byte[PASSIVE_BYTES];
    for (int i = 0; i < PASSIVE_BYTES; i++) {
      first[i] = (byte) (i * 31);
      second[i] = (byte) (i * 17 + 5);
    }
    var section = new Code().u32(2);
    section.u8(0, 0x41).s64(64).u8(Scope.END).u32(first.length).raw(first);
    return section.u8(1).u32(second.length).raw(second);
  }
}
