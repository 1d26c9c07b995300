package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.bench.host.VivariumHost;
import dev.vivarium.conformance.host.Checkout;
import dev.vivarium.conformance.peer.ChicoryHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A guest of which everything is there, and how each host runs it.
 *
 * @param module its file
 * @param root the directory that it sees as its root, where Vivarium has the runtime's image
 * @param classes what Chicory's compiler has made of it
 */
record PreparedGuest(Guest guest, Path module, Path root, Path classes) {

  /** A process that runs so many instances of a program and prints what each took. */
  List<String> instances(Host host, int count, String program) {
    var number = String.valueOf(count);
    return switch (host) {
      case OURS ->
          Checkout.java(
              Checkout.classPath(), VivariumHost.class.getName(), guest.runtime(), number, program);
      case CHICORY ->
          Checkout.java(
              Checkout.classPath() + ":" + classes,
              ChicoryHost.class.getName(),
              guest.language(),
              root.toString(),
              number,
              program);
      case NODE -> node(number, program);
    };
  }

  /** A process that runs a program once, as a person at a shell would. */
  List<String> cold(Host host, String program) {
    if (host != Host.OURS) {
      return instances(host, 1, program);
    }
    return List.of(
        Checkout.TOP.resolve("vivarium").toString(),
        "run",
        guest.runtime(),
        guest.isRuby() ? "-e" : "-c",
        program);
  }

  private List<String> node(String count, String program) {
    var command = new ArrayList<>(List.of("node", "--no-warnings"));
    if (guest.isRuby()) {
      // With its fast calls node 20 often aborts when it runs Ruby, without a word.
      command.add("--no-turbo-fast-api-calls");
    }
    command.addAll(
        List.of(
            Checkout.resource(PreparedGuest.class, "host.mjs").toString(),
            guest.language(),
            module.toString(),
            root.toString(),
            count,
            program));
    return command;
  }
}
