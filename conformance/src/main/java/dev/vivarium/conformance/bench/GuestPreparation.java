package dev.vivarium.conformance.bench;

import dev.vivarium.conformance.host.GuestScript;
import dev.vivarium.conformance.host.HostCrash;
import dev.vivarium.conformance.peer.ChicoryClasses;
import dev.vivarium.engine.Progress;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.RuntimeCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

/**
 * Makes all that a guest's runs need, once for a machine, in the directory {@code bench} of the
 * cache. What is there is whole: everything gets its name when it is complete.
 */
final class GuestPreparation {
  private final Path vivarium = CacheDirectory.of(System.getenv());
  private final Path directory = vivarium.resolve("bench");

  /**
   * Prepares a guest.
   *
   * @throws HostCrash if it cannot be had, with a reason
   */
  PreparedGuest prepare(Guest guest, Set<Host> hosts)
      throws IOException, InterruptedException, HostCrash {
    Bench.say("preparing " + guest.label());
    Files.createDirectories(directory);
    return guest == Guest.PYTHON_3_11 ? built(guest, hosts) : fetched(guest, hosts);
  }

  private PreparedGuest fetched(Guest guest, Set<Host> hosts)
      throws IOException, InterruptedException, HostCrash {
    var runtime = LanguageRuntime.named(guest.runtime()).orElseThrow();
    var source = new RuntimeCache(vivarium, System.getenv()).module(runtime, Progress.NONE);
    var key = guest.label() + "-" + source.sha256().substring(0, 16);
    var module = directory.resolve(key + ".wasm");
    if (!Files.exists(module)) {
      var work = Files.createTempFile(directory, ".work-", ".wasm");
      Files.write(work, source.bytes());
      Files.move(work, module, StandardCopyOption.ATOMIC_MOVE);
    }
    var root = Files.createDirectories(directory.resolve("empty"));
    return new PreparedGuest(guest, module, root, classes(key, module, hosts));
  }

  private PreparedGuest built(Guest guest, Set<Host> hosts)
      throws IOException, InterruptedException, HostCrash {
    var build = GuestScript.make("cpython-3.11");
    var key = build.getFileName().toString();
    var module = build.resolve("python.wasm");
    return new PreparedGuest(guest, module, build.resolve("library"), classes(key, module, hosts));
  }

  private Path classes(String key, Path module, Set<Host> hosts)
      throws IOException, InterruptedException, HostCrash {
    return hosts.contains(Host.CHICORY)
        ? ChicoryClasses.compiled(key, module, directory)
        : ChicoryClasses.of(key, directory);
  }
}
