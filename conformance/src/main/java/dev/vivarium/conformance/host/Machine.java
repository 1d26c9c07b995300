package dev.vivarium.conformance.host;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where and with what something was measured.
 *
 * @param hardware the processor, how many there are, and the memory
 * @param system the operating system
 * @param load the load average of the last minute, before anything was measured
 * @param java the virtual machine
 * @param node node's version
 * @param chicory Chicory's version
 * @param commit the commit of this checkout, with a mark if there are changes
 */
public record Machine(
    String hardware,
    String system,
    String load,
    String java,
    String node,
    String chicory,
    String commit) {

  /**
   * This one, now.
   *
   * @param chicory Chicory's version
   */
  public static Machine here(String chicory) {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return new Machine(
        "%s, %d processors, %s"
            .formatted(
                procLine("/proc/cpuinfo", "model name", System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                memory()),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        load < 0 ? "unknown" : "%.2f".formatted(load),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        output("node", "--version"),
        chicory,
        output("git", "-C", Checkout.TOP.toString(), "describe", "--always", "--dirty"));
  }

  /** What a report says below its table. */
  public String describe(String command) {
    return String.join(
        "\n",
        "- command: `" + command + "`",
        "- machine: " + hardware + ", " + system + ", load before " + load,
        "- java: " + java,
        "- node: " + node + ", Chicory: " + chicory + ", commit: " + commit);
  }

  private static String memory() {
    String total = procLine("/proc/meminfo", "MemTotal", "");
    return total.isEmpty()
        ? "memory unknown"
        : "%.1f GiB".formatted(Long.parseLong(total.replaceAll("\\D", "")) / 1048576.0);
  }

  private static String procLine(String file, String key, String otherwise) {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }

  /** The first line that a command prints, or that there is none. */
  private static String output(String... command) {
    try {
      var process =
          new ProcessBuilder(List.of(command))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (var out = process.getInputStream()) {
        var text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        return text.lines().findFirst().orElse("unknown");
      }
    } catch (IOException e) {
      return "none";
    }
  }
}
