package dev.vivarium.conformance.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;

/** What a {@link WorkerLane} has in a JVM of its own: a host that runs one module after another. */
interface Worker {

  /**
   * Runs a guest in a world of its own.
   *
   * @param arguments the guest's arguments
   * @param directory where its output and its list of tests are left
   */
  Ending run(List<String> arguments, Path directory) throws Exception;

  /**
   * Says {@code ready}, then reads lines of a directory and a guest's arguments, and answers each
   * when the guest has ended.
   */
  static void serve(Worker worker) throws Exception {
    System.out.println("ready");
    var in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      var words = List.of(line.split(" "));
      var ending = worker.run(words.subList(1, words.size()), Path.of(words.get(0)));
      System.out.println(ending.line());
    }
  }
}
