package dev.vivarium.wasi.table;

import dev.vivarium.engine.Signature;
import dev.vivarium.vfs.posix.Errno;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Term;
import dev.vivarium.wasi.abi.WasiErrno;
import dev.vivarium.wasi.call.Handler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table of the functions of one import module. Immutable. */
final class HostModule {
  private final String name;
  private final Map<String, List<FunctionSpec>> rows;

  private HostModule(String name, Map<String, List<FunctionSpec>> rows) {
    this.name = name;
    this.rows = rows;
  }

  static Builder named(String name) {
    return new Builder(name);
  }

  /** The module's name in imports, such as {@code wasi_snapshot_preview1}. */
  public String name() {
    return name;
  }

  /** All rows, in the order of their declaration. */
  public List<FunctionSpec> rows() {
    return rows.values().stream().flatMap(List::stream).toList();
  }

  /** The rows of a name: several where its type has changed over time, none if it is unknown. */
  List<FunctionSpec> rows(String function) {
    return rows.getOrDefault(function, List.of());
  }

  /** The row of a name and a type; null if there is none. */
  FunctionSpec find(String function, Signature signature) {
    for (var row : rows(function)) {
      if (row.shape().signature().equals(signature)) {
        return row;
      }
    }
    return null;
  }

  /**
   * Declares rows: a name, the parameters with what is returned at the end, the support level, the
   * handler.
   */
  static final class Builder {
    private final String name;
    private final Map<String, List<FunctionSpec>> rows = new LinkedHashMap<>();
    private final List<FunctionSpec> declared = new ArrayList<>();

    private Builder(String name) {
      this.name = name;
    }

    /** Takes over all rows of another table. */
    Builder include(HostModule other) {
      declared.addAll(other.rows());
      return this;
    }

    /** Leaves out a row that was included. */
    Builder without(String function) {
      declared.removeIf(row -> row.name().equals(function));
      return this;
    }

    Builder fn(String function, Support support, Handler handler) {
      return row(support, handler, "", function);
    }

    Builder fn(String function, Term a, Support support, Handler handler) {
      return row(support, handler, "", function, a);
    }

    Builder fn(String function, Term a, Term b, Support support, Handler handler) {
      return row(support, handler, "", function, a, b);
    }

    Builder fn(String function, Term a, Term b, Term c, Support support, Handler handler) {
      return row(support, handler, "", function, a, b, c);
    }

    Builder fn(String function, Term a, Term b, Term c, Term d, Support support, Handler handler) {
      return row(support, handler, "", function, a, b, c, d);
    }

    Builder fn(
        String function, Term a, Term b, Term c, Term d, Term e, Support support, Handler handler) {
      return row(support, handler, "", function, a, b, c, d, e);
    }

    Builder fn(
        String function,
        Term a,
        Term b,
        Term c,
        Term d,
        Term e,
        Term f,
        Support support,
        Handler handler) {
      return row(support, handler, "", function, a, b, c, d, e, f);
    }

    Builder fn(
        String function,
        Term a,
        Term b,
        Term c,
        Term d,
        Term e,
        Term f,
        Term g,
        Term h,
        Support support,
        Handler handler) {
      return row(support, handler, "", function, a, b, c, d, e, f, g, h);
    }

    Builder fn(
        String function,
        Term a,
        Term b,
        Term c,
        Term d,
        Term e,
        Term f,
        Term g,
        Term h,
        Term i,
        Support support,
        Handler handler) {
      return row(support, handler, "", function, a, b, c, d, e, f, g, h, i);
    }

    /** A function whose handler only finds the right error. */
    Builder stub(String function, Handler handler, String note, Term... terms) {
      return row(Support.STUB, handler, note, function, terms);
    }

    /** A function that always fails, as where the feature does not exist. */
    Builder fails(String function, Errno errno, Term... terms) {
      Handler handler =
          call -> {
            throw errno.exception();
          };
      String answer = "answers " + WasiErrno.name(WasiErrno.of(errno));
      return row(Support.STUB, handler, answer, function, terms);
    }

    /** What people should know about the row just declared. */
    Builder note(String note) {
      var last = declared.remove(declared.size() - 1);
      declared.add(new FunctionSpec(last.shape(), last.support(), last.handler(), note));
      return this;
    }

    HostModule build() {
      for (var row : declared) {
        rows.computeIfAbsent(row.name(), key -> new ArrayList<>()).add(row);
      }
      return new HostModule(name, rows);
    }

    private Builder row(
        Support support, Handler handler, String note, String function, Term... terms) {
      declared.add(new FunctionSpec(new FunctionShape(function, terms), support, handler, note));
      return this;
    }
  }
}
