package dev.vivarium.conformance.host;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The script {@code conformance/guest}. */
public final class GuestScript {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private GuestScript() {}

  /**
   * Makes what it calls by this name, unless that is there.
   *
   * @return the directory that has it
   * @throws HostCrash if it cannot be made, with the reason
   */
  public static Path make(String name) throws IOException, InterruptedException, HostCrash {
    var script = Checkout.TOP.resolve("conformance/guest").toString();
    try (var process = HostProcess.start(List.of(script, name), PATIENCE)) {
      return Path.of(process.finish().get(0));
    }
  }
}
