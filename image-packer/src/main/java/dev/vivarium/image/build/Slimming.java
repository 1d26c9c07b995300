package dev.vivarium.image.build;

import dev.vivarium.Sandbox;
import dev.vivarium.engine.LinkException;
import dev.vivarium.image.exec.ExecException;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Compression;
import dev.vivarium.image.oci.Layer;
import dev.vivarium.image.oci.Store;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Snapshot;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Leaves out of a box what its program does without: those files of the runtime's library that a
 * run of the box neither opens nor asks about, but for what it takes to tell of errors.
 *
 * <p>A library inside of a module is taken out of it first ({@link LibraryExtraction}). What takes
 * the module's place is the same for all programs, so that they share it, and what was compiled of
 * it.
 */
final class Slimming {
  private final Build build;
  private final Store store;
  private final BoxConfig config;
  private final List<Layer> layers;
  private final Optional<LanguageRuntime> runtime;

  Slimming(Build build, Store store, Base built) {
    this.build = build;
    this.store = store;
    this.config = built.config();
    this.layers = new ArrayList<>(built.layers());
    this.runtime = config.runtime().flatMap(LanguageRuntime::named);
  }

  /** The layers of the smaller box. */
  List<Layer> run() throws IOException {
    int library = library();
    if (library < 0) {
      build.listener().warned("--slim leaves nothing out: the box has no library in its files");
      return layers;
    }
    build.listener().begun("slim", String.join(" ", command()));
    var key = key().digest();
    var known = build.usesCache() ? store.steps().find(key) : Optional.<Layer>empty();
    if (known.isEmpty()) {
      build.listener().said("watches one run of this command until it has ended by itself");
    }
    layers.set(library, known.isPresent() ? known.get() : thinned(library));
    if (known.isEmpty()) {
      store.steps().keep(key, layers.get(library));
    }
    build.listener().ended(known.isPresent());
    return layers;
  }

  private List<String> command() {
    var words = new ArrayList<>(config.entrypoint());
    words.addAll(config.command());
    return words;
  }

  /** All that the smaller library depends on. */
  private StepKey key() {
    var key = new StepKey().with("slim").with(build.time().toString());
    layers.forEach(layer -> key.with(layer.diffId().hex()));
    key.with(command()).with(build.kept());
    key.with(new TreeSet<>(runtime.orElseThrow().filesForErrors()));
    key.with(config.environment().keySet()).with(config.environment().values());
    return key.with(config.workingDirectory()).with(config.user());
  }

  // ---- where the library is -------------------------------------------------------------------

  /** The layer that is the runtime's library, which is taken out of the module; -1 for none. */
  private int library() throws IOException {
    int module = 0;
    while (module < layers.size() && !layers.get(module).isModule()) {
      module++;
    }
    if (module == layers.size() || runtime.isEmpty()) {
      return -1;
    }
    var sha256 = layers.get(module).diffId().hex();
    var embedded = runtime.get().embeddedLibrary().filter(library -> library.isIn(sha256));
    if (embedded.isPresent()) {
      var parts =
          new LibraryExtraction(build, store, runtime.get(), layers.get(module))
              .run(embedded.get());
      layers.set(module, parts.module());
      layers.add(module + 1, parts.library());
      return module + 1;
    }
    // The lowest files are what the runtime came with.
    return runtime.get().hasLibraryInFiles(sha256) && module + 1 < layers.size() ? module + 1 : -1;
  }

  private Vfs fork(Snapshot base) {
    var clock = InstantSource.fixed(build.time());
    return Vfs.builder().base(base).quota(Quota.UNLIMITED).clock(clock).build();
  }

  // ---- what of it is used ---------------------------------------------------------------------

  private Layer thinned(int library) throws IOException {
    try {
      var touched = new HashSet<>(touched());
      touched.addAll(runtime.orElseThrow().filesForErrors());
      var vfs = fork(store.tree(List.of(layers.get(library))));
      var files =
          new LibraryFiles(
              vfs,
              build.kept().stream()
                  .map(pattern -> PathPattern.withDirectories(pattern).orElseThrow())
                  .toList());
      files.keepOnly(touched);
      build
          .listener()
          .said(
              String.format(
                  Locale.ROOT,
                  "--slim leaves out %d of %d files of the library, %.1f of %.1f MB",
                  files.removed(),
                  files.count(),
                  files.removedBytes() / 1e6,
                  files.bytes() / 1e6));
      return store.putLayer(null, vfs.snapshot(), build.time(), Compression.ZSTD_DENSE);
    } catch (ErrnoException | ExecException | IllegalArgumentException | LinkException e) {
      throw new IOException("--slim: " + e.getMessage(), e);
    }
  }

  /** The paths that a run of the box touches: from its start on, which needs most. */
  private Set<String> touched() throws IOException, ErrnoException, ExecException {
    var paths = new TouchedPaths();
    var program =
        new ProgramRun(build, store, config, layers).trace(paths).timeout(build.timeout());
    var vfs = fork(store.tree(layers));
    Sandbox.furnish(vfs);
    vfs.makeDirectories(program.workingDirectory());
    var outcome = program.run(command(), vfs.snapshot(), program.account(vfs));
    if (outcome.status() != 0) {
      throw new WatchedProgramException(outcome);
    }
    return paths.paths();
  }
}
