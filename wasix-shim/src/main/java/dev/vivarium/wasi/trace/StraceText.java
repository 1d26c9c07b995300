package dev.vivarium.wasi.trace;

import dev.vivarium.engine.GuestMemory;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.wasi.abi.FunctionShape;
import dev.vivarium.wasi.abi.Kind;
import dev.vivarium.wasi.abi.Returns;
import dev.vivarium.wasi.abi.WasiErrno;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One line for each call when it ends, in the manner of strace: arguments in the order of their
 * declaration, flags in words, texts quoted, errors by name, and results in parentheses.
 *
 * <pre>{@code path_open(3, SYMLINK_FOLLOW, "tmp/x", O_CREAT, ALL, ALL, 0) = 0 (fd 4)}</pre>
 */
public final class StraceText implements SyscallTrace {
  private final Consumer<String> lines;

  /**
   * @param lines takes each line, without a line end; called by any thread, one at a time, and as
   *     often as the guest likes
   */
  public StraceText(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public Pending called(String module, FunctionShape function, GuestMemory memory, long[] args) {
    var values = new ValueText(memory);
    var texts = new ArrayList<String>();
    for (int i = 0; i < function.params().size(); i++) {
      int at = function.paramAt(i);
      var kind = function.params().get(i).kind();
      texts.add(isFilledByHost(kind) ? null : values.argument(kind, args, at));
    }
    return new Line(function, values, args, texts);
  }

  private static boolean isFilledByHost(Kind kind) {
    return kind == Kind.BUFFER || kind == Kind.IOVECS;
  }

  private synchronized void emit(String line) {
    lines.accept(line);
  }

  private final class Line implements Pending {
    private final FunctionShape function;
    private final ValueText values;
    private final long[] args;
    private final List<String> texts;

    Line(FunctionShape function, ValueText values, long[] args, List<String> texts) {
      this.function = function;
      this.values = values;
      this.args = args;
      this.texts = texts;
    }

    @Override
    public void returned(long result) {
      var core = function.returns().core();
      boolean success = core != Returns.Core.ERRNO || (int) result == WasiErrno.SUCCESS;
      String end =
          switch (core) {
            case NOTHING -> "";
            case VALUE -> " = " + (int) result;
            case ERRNO -> success ? " = 0" : " = " + WasiErrno.name((int) result);
          };
      emit(call(success) + end + (success ? results() : ""));
    }

    @Override
    public void ended(Throwable reason) {
      emit(call(false) + " = ? (" + text(reason) + ")");
    }

    private String call(boolean success) {
      for (int i = 0; i < texts.size(); i++) {
        if (texts.get(i) == null) {
          var kind = function.params().get(i).kind();
          long filled = success ? filled() : 0;
          texts.set(i, values.filled(kind, args, function.paramAt(i), filled));
        }
      }
      return function.name() + "(" + String.join(", ", texts) + ")";
    }

    /** How much of its buffers the function says it has filled: its first result. */
    private long filled() {
      var outs = function.returns().outs();
      return outs.isEmpty() ? 0 : values.field(outs.get(0), address(0), 0);
    }

    private String results() {
      var outs = function.returns().outs();
      var shown = new ArrayList<String>();
      for (int i = 0; i < outs.size(); i++) {
        shown.add(values.struct(outs.get(i), address(i)));
      }
      return shown.isEmpty() ? "" : " (" + String.join(", ", shown) + ")";
    }

    private int address(int out) {
      return (int) args[function.outAt(out)];
    }

    private String text(Throwable reason) {
      if (reason instanceof ProcessExit exit) {
        return exit.signal() == null ? "exit " + exit.code() : "SIG" + exit.signal();
      }
      return reason.getMessage();
    }
  }
}
