package dev.vivarium.conformance.hostile;

import dev.vivarium.engine.GuestInstance;
import dev.vivarium.engine.GuestMemory;
import dev.vivarium.engine.GuestTrap;
import dev.vivarium.sys.ProcessExit;
import dev.vivarium.wasi.abi.Returns;
import dev.vivarium.wasi.abi.WasiErrno;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An instance of the {@link Forwarder}, each call of which is judged and counted. */
final class Guest {
  private final GuestInstance instance;
  private final List<Import> imports;
  private final Impatience impatience;
  private final Expected expected;
  private final Tally tally;

  Guest(
      GuestInstance instance,
      List<Import> imports,
      Impatience impatience,
      Expected expected,
      Tally tally) {
    this.instance = instance;
    this.imports = imports;
    this.impatience = impatience;
    this.expected = expected;
    this.tally = tally;
  }

  GuestMemory memory() {
    return instance.memory();
  }

  /** The guest itself, for what is to end it. */
  GuestInstance instance() {
    return instance;
  }

  Import function(String name) {
    return named(name).orElseThrow();
  }

  boolean imports(String name) {
    return named(name).isPresent();
  }

  private Optional<Import> named(String name) {
    return imports.stream().filter(target -> target.shape().name().equals(name)).findFirst();
  }

  /** Calls a function of preview1 by name. */
  String call(String name, long... args) {
    return call(function(name), args);
  }

  /** Calls a function as the guest would. */
  String call(Import target, long... args) {
    return judged(target, target.id(), args);
  }

  /** Calls a function from so many calls further down the stack. */
  String callFrom(int depth, Import target, long... args) {
    long[] deeper = Arrays.copyOf(args, args.length + 1);
    deeper[args.length] = depth;
    return judged(target, Forwarder.diving(target), deeper);
  }

  private String judged(Import target, String export, long... args) {
    String outcome;
    try {
      long result =
          impatience.during(
              target.name(),
              () -> {
                long[] results = instance.call(export, args);
                return results.length == 0 ? 0 : results[0];
              });
      boolean value = target.shape().returns().core() == Returns.Core.VALUE;
      long errno = value ? Math.max(0, -result) : result;
      outcome = WasiErrno.name((int) errno);
    } catch (ProcessExit e) {
      outcome = "exit";
    } catch (GuestTrap e) {
      outcome = e.kind().name();
      if (e.kind() == GuestTrap.Kind.OTHER) {
        outcome = "defect";
        report(target, args, e.getMessage());
      }
    } catch (RuntimeException | Error e) {
      outcome = "defect";
      report(target, args, e.toString());
    }
    if (!outcome.equals("defect") && !expected.allows(target.shape().name(), outcome)) {
      report(target, args, "unexpected " + outcome);
    }
    tally.count(target.name(), outcome);
    return outcome;
  }

  private void report(Import target, long[] args, String what) {
    tally.defect(target.name() + Arrays.toString(args) + ": " + what);
  }
}
