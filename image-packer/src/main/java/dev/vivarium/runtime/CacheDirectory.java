package dev.vivarium.runtime;

import java.nio.file.Path;
import java.util.Map;

/** Where vivarium keeps what it can make again. */
public final class CacheDirectory {

  private CacheDirectory() {}

  /**
   * {@code $XDG_CACHE_HOME/vivarium}, or {@code ~/.cache/vivarium} if that variable is unset, empty
   * or relative, as the XDG Base Directory Specification says.
   *
   * @param environment the environment of this process
   */
  public static Path of(Map<String, String> environment) {
    var chosen = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (chosen.startsWith("/")) {
      return Path.of(chosen, "vivarium");
    }
    var home = environment.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home") : home, ".cache", "vivarium");
  }
}
