package dev.vivarium.wasi.abi;

import java.util.ArrayList;
import java.util.List;

/**
 * What a function returns: an errno, nothing or a value as its core result, and values behind
 * pointers that follow the parameters.
 *
 * @param core the core result
 * @param outs what is written behind each pointer, in order
 */
public record Returns(Core core, List<Layout> outs) implements Term {

  /** The core result. */
  public enum Core {
    /** An i32 errno; 0 is success. */
    ERRNO,
    /** No result: nothing to tell an error with. */
    NOTHING,
    /** An i32 that is a value; negative for a failure. */
    VALUE
  }

  /** An errno, and no more. */
  public static final Returns ERRNO = new Returns(Core.ERRNO, List.of());

  public static final Returns NOTHING = new Returns(Core.NOTHING, List.of());

  public static final Returns VALUE = new Returns(Core.VALUE, List.of());

  public Returns {
    outs = List.copyOf(outs);
  }

  /** An errno, and values behind one pointer each. */
  public static Returns returns(Kind... kinds) {
    var outs = new ArrayList<Layout>();
    for (var kind : kinds) {
      outs.add(Layout.of(kind));
    }
    return new Returns(Core.ERRNO, outs);
  }

  /** An errno, and a struct behind a pointer. */
  public static Returns returns(Layout layout) {
    return new Returns(Core.ERRNO, List.of(layout));
  }
}
