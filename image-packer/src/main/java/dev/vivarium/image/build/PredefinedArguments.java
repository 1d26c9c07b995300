package dev.vivarium.image.build;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The arguments that a build has without an ARG. */
final class PredefinedArguments {
  /** What a box runs on. */
  private static final Map<String, String> PLATFORM =
      Map.of(
          "TARGETPLATFORM", "wasip1/wasm",
          "TARGETOS", "wasip1",
          "TARGETARCH", "wasm",
          "TARGETVARIANT", "",
          "BUILDPLATFORM", "wasip1/wasm",
          "BUILDOS", "wasip1",
          "BUILDARCH", "wasm",
          "BUILDVARIANT", "");

  /** Those that commands see if they are given, and that leave no trace. */
  static final Set<String> PROXIES =
      Set.of(
          "HTTP_PROXY",
          "http_proxy",
          "HTTPS_PROXY",
          "https_proxy",
          "FTP_PROXY",
          "ftp_proxy",
          "NO_PROXY",
          "no_proxy",
          "ALL_PROXY",
          "all_proxy");

  private PredefinedArguments() {}

  /**
   * Those that are seen before the first stage, and in a stage that names them in an ARG: what a
   * box runs on, and the time of the build.
   */
  static Map<String, String> named(Instant time) {
    var named = new HashMap<>(PLATFORM);
    named.put("SOURCE_DATE_EPOCH", String.valueOf(time.getEpochSecond()));
    return named;
  }
}
