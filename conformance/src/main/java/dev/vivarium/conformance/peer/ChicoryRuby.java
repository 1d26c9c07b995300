package dev.vivarium.conformance.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.dylibso.chicory.runtime.HostFunction;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.WasmFunctionHandle;
import com.dylibso.chicory.wasm.WasmModule;
import com.dylibso.chicory.wasm.types.FunctionImport;
import java.util.ArrayList;
import java.util.List;

/**
 * The least that Ruby's reactor needs of its host: an early canonical ABI, in which a string is an
 * address and a length.
 */
final class ChicoryRuby {
  private static final List<String> ARGUMENTS =
      List.of("ruby", "-EUTF-8", "--disable=syntax_suggest", "-e_=0");

  private final Instance guest;

  ChicoryRuby(Instance guest) {
    this.guest = guest;
  }

  /** What the module imports beside WASI: its handles, and JavaScript, which is not there. */
  static List<HostFunction> imports(WasmModule module) {
    var handles = new ArrayList<Long>();
    return module.importSection().stream()
        .filter(FunctionImport.class::isInstance)
        .map(FunctionImport.class::cast)
        .filter(wanted -> !wanted.module().startsWith("wasi_"))
        .map(
            wanted ->
                new HostFunction(
                    wanted.module(),
                    wanted.name(),
                    module.typeSection().getType(wanted.typeIndex()),
                    handle(wanted, handles)))
        .toList();
  }

  private static WasmFunctionHandle handle(FunctionImport wanted, List<Long> handles) {
    return switch (wanted.name()) {
      case "resource_new_rb-abi-value" ->
          (instance, args) -> {
            handles.add(args[0]);
            return new long[] {handles.size() - 1};
          };
      case "resource_get_rb-abi-value" ->
          (instance, args) -> new long[] {handles.get((int) args[0])};
      default ->
          (instance, args) -> {
            throw new IllegalStateException("the guest called " + wanted.name());
          };
    };
  }

  /** The program that loads a script, for a command line without anything that needs quotes. */
  static String loading(List<String> commandLine) {
    var arguments = commandLine.subList(2, commandLine.size());
    return "ARGV.replace(%%w[%s]); load '%s'"
        .formatted(String.join(" ", arguments), commandLine.get(1));
  }

  /** Runs a program; the result is 0 unless it ended otherwise than by coming to its end. */
  int run(String program) {
    call("_initialize");
    int list = allocate(4, 8 * ARGUMENTS.size());
    for (int i = 0; i < ARGUMENTS.size(); i++) {
      var text = put(ARGUMENTS.get(i));
      guest.memory().writeI32(list + 8 * i, (int) text[0]);
      guest.memory().writeI32(list + 8 * i + 4, (int) text[1]);
    }
    call("ruby-init: func(args: list<string>) -> ()", list, ARGUMENTS.size());
    int result =
        (int)
            call(
                "rb-eval-string-protect: func(str: string) -> tuple<handle<rb-abi-value>, s32>",
                put(program + "\n$stdout.flush"))[0];
    return guest.memory().readInt(result + 4);
  }

  private long[] put(String text) {
    byte[] bytes = (text + '\0').getBytes(UTF_8);
    int address = allocate(1, bytes.length);
    guest.memory().write(address, bytes);
    return new long[] {address, bytes.length};
  }

  private int allocate(int alignment, int size) {
    return (int) call("cabi_realloc", 0, 0, alignment, size)[0];
  }

  private long[] call(String function, long... args) {
    return guest.export(function).apply(args);
  }
}
