package dev.vivarium.conformance.architecture;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which package may need which: the directions of docs/ARCHITECTURE.md as data. */
final class Places {
  private static final String CHICORY = "com.dylibso.chicory..";

  /** From the bottom up. */
  static final List<Place> ALL =
      List.of(
          Place.of("vfs.posix"),
          Place.of("vfs.tree", "vfs.posix"),
          Place.of("vfs.open", "vfs.posix", "vfs.tree"),
          Place.of("vfs.mount", "vfs.posix", "vfs.tree", "vfs.open"),
          Place.of("vfs.path", "vfs.posix", "vfs.tree", "vfs.open", "vfs.mount"),
          Place.of("vfs", "vfs.posix", "vfs.tree", "vfs.open", "vfs.mount", "vfs.path"),
          Place.of(
              "vfs.image", "vfs", "vfs.posix", "vfs.tree", "vfs.open", "vfs.mount", "vfs.path"),
          Place.of("vfs.nio", "vfs", "vfs.posix", "vfs.tree", "vfs.open", "vfs.mount", "vfs.path"),
          Place.of("sys", "vfs.."),
          // The implementations of the services, which Kernel does not name.
          Place.of("sys..", "sys", "vfs.."),
          Place.of("engine"),
          Place.of("engine.split"),
          Place.of("engine.chicory", "engine", "engine.split")
              .withLibraries(CHICORY, "org.objectweb.asm..", "jdk.jfr"),
          Place.of("wasi..", "engine", "sys..", "vfs..", "wasi..").withLibraries("jdk.jfr"),
          Place.of("guest", "engine", "sys", "vfs..", "wasi.abi", "wasi.trace"),
          Place.of("", "engine", "engine.chicory", "guest", "sys..", "vfs..", "wasi..")
              .withLibraries("jdk.jfr"),
          Place.of("image", "vfs..").withLibraries("org.apache.commons.."),
          Place.of("image.oci", "image", "vfs..")
              .withLibraries(
                  "org.apache.commons..",
                  "com.github.luben.zstd..",
                  "com.google.gson..",
                  "org.tukaani.xz.."),
          Place.of("runtime", "", "engine", "engine.chicory", "image", "guest", "vfs..")
              .withLibraries("org.apache.commons.."),
          Place.of("image.exec", "", "engine", "guest", "image.oci", "runtime", "vfs.."),
          Place.of("image.build", "", "engine..", "guest", "image", "image.exec", "image.oci")
              .and("runtime", "sys..", "vfs..", "wasi.abi", "wasi.trace")
              .withLibraries("org.apache.commons.."),
          Place.of("image.warm", "", "engine..", "guest", "image", "runtime", "sys..", "vfs.."),
          Place.of("box", "", "engine", "engine.chicory", "guest", "image..", "runtime", "vfs.."),
          Place.of(
                  "cli",
                  "box",
                  "",
                  "engine..",
                  "guest",
                  "image..",
                  "runtime",
                  "sys..",
                  "vfs..",
                  "wasi..")
              .withLibraries("org.apache.commons..", "picocli..", "sun.misc"),
          Place.of("conformance.peer", "", "conformance..", "sys..", "vfs..")
              .withLibraries("com.google.common.jimfs..", CHICORY),
          Place.of(
                  "conformance..",
                  "",
                  "box",
                  "conformance..",
                  "cli",
                  "engine..",
                  "guest",
                  "image..")
              .and("runtime", "sys..", "vfs..", "wasi..")
              .withLibraries(
                  "org.openjdk.jmh..", "com.google.gson..", "org.apache.commons..", "picocli.."));

  private Places() {}

  /** The most specific place that holds a package. */
  static Optional<Place> of(String packageName) {
    return ALL.stream()
        .filter(place -> place.holds(packageName))
        .max(
            Comparator.comparing((Place place) -> !place.name().endsWith(".."))
                .thenComparing(place -> place.name().length()));
  }
}
