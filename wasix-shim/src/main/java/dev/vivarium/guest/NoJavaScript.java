package dev.vivarium.guest;

import static dev.vivarium.engine.ValueType.F64;
import static dev.vivarium.engine.ValueType.I32;

import dev.vivarium.engine.GuestTrap;
import dev.vivarium.engine.HostImport;
import dev.vivarium.engine.Signature;
import dev.vivarium.engine.ValueType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The bridge to JavaScript that Ruby's {@code js} library stands on. There is no JavaScript here,
 * and its functions have no errno to say so: a call ends the guest with a trap that names the
 * function.
 */
final class NoJavaScript {
  private static final String MODULE = "rb-js-abi-host";
  private static final String VALUE = "handle<js-abi-value>";
  private static final String OUTCOME =
      " -> variant { success(" + VALUE + "), failure(" + VALUE + ") }";

  private NoJavaScript() {}

  static List<HostImport> imports() {
    var imports = new ArrayList<HostImport>();
    imports.add(stub("canonical_abi", "resource_drop_js-abi-value", false, I32));

    imports.add(action("rb_wasm_throw_prohibit_rewind_exception", 2));
    imports.add(action("eval-js: func(code: string)" + OUTCOME, 3));
    imports.add(action("js-value-to-string: func(value: " + VALUE + ") -> string", 2));
    imports.add(
        action(
            "js-value-to-integer: func(value: "
                + VALUE
                + ") -> variant { as-float(float64), bignum(string) }",
            2));
    imports.add(action("export-js-value-to-host: func(value: " + VALUE + ") -> ()", 1));
    imports.add(action("js-value-typeof: func(value: " + VALUE + ") -> string", 2));
    imports.add(
        action(
            "reflect-apply: func(target: "
                + VALUE
                + ", this-argument: "
                + VALUE
                + ", arguments: list<"
                + VALUE
                + ">)"
                + OUTCOME,
            5));
    imports.add(
        action("reflect-get: func(target: " + VALUE + ", property-key: string)" + OUTCOME, 4));
    imports.add(
        action(
            "reflect-set: func(target: "
                + VALUE
                + ", property-key: string, value: "
                + VALUE
                + ")"
                + OUTCOME,
            5));

    imports.add(question("is-js: func(value: " + VALUE + ") -> bool", I32));
    imports.add(
        question(
            "instance-of: func(value: " + VALUE + ", klass: " + VALUE + ") -> bool", I32, I32));
    imports.add(question("global-this: func() -> " + VALUE));
    imports.add(question("int-to-js-number: func(value: s32) -> " + VALUE, I32));
    imports.add(question("float-to-js-number: func(value: float64) -> " + VALUE, F64));
    imports.add(question("string-to-js-string: func(value: string) -> " + VALUE, I32, I32));
    imports.add(question("bool-to-js-bool: func(value: bool) -> " + VALUE, I32));
    imports.add(question("proc-to-js-function: func(value: u32) -> " + VALUE, I32));
    imports.add(question("rb-object-to-js-rb-value: func(raw-rb-abi-value: u32) -> " + VALUE, I32));
    imports.add(question("import-js-value-from-host: func() -> " + VALUE));
    imports.add(
        question("js-value-equal: func(lhs: " + VALUE + ", rhs: " + VALUE + ") -> bool", I32, I32));
    imports.add(
        question(
            "js-value-strictly-equal: func(lhs: " + VALUE + ", rhs: " + VALUE + ") -> bool",
            I32,
            I32));
    return List.copyOf(imports);
  }

  /** A function without a result; one that answers more than a number does so through memory. */
  private static HostImport action(String name, int params) {
    var types = Collections.nCopies(params, I32).toArray(ValueType[]::new);
    return stub(MODULE, name, false, types);
  }

  /** A function that answers with a number. */
  private static HostImport question(String name, ValueType... params) {
    return stub(MODULE, name, true, params);
  }

  private static HostImport stub(String module, String name, boolean returns, ValueType... params) {
    var signature = new Signature(List.of(params), returns ? List.of(I32) : List.of());
    return new HostImport(
        module,
        name,
        signature,
        (caller, args) -> {
          throw new GuestTrap(
              GuestTrap.Kind.UNSUPPORTED_IMPORT,
              "the guest called " + module + "." + name + ": there is no JavaScript here");
        });
  }
}
