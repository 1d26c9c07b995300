package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.engine.Progress;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Compression;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.image.oci.Image;
import dev.vivarium.image.oci.Layer;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Registry;
import dev.vivarium.image.oci.RegistryException;
import dev.vivarium.image.oci.Store;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.runtime.RuntimeCache;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Finds what FROM and {@code --from} name, where it is no stage. */
final class Bases {
  private static final String SCRATCH = "scratch";

  private final Store store;
  private final RuntimeCache runtimes;
  private final Map<String, String> environment;
  private final Instant time;
  private final boolean strips;
  private final boolean slims;
  private final Progress progress;
  private final Consumer<String> warnings;

  /**
   * What names mean here.
   *
   * @param environment tells where caches are, and how npm and registries are reached
   */
  Bases(Store store, Map<String, String> environment, Build build) {
    this.store = store;
    this.runtimes = build.runtimes();
    this.environment = environment;
    this.time = build.time();
    this.strips = build.strips();
    this.slims = build.slims();
    this.progress = build.progress();
    this.warnings = build.listener()::warned;
  }

  /**
   * What a name means: nothing for {@code scratch}, else a runtime, else a box, of the store or of
   * a registry.
   *
   * @param line where it is named
   */
  Base find(LogicalLine line, String image) throws IOException {
    if (image.equals(SCRATCH)) {
      return new Base(BoxConfig.builder().build(), List.of());
    }
    var runtime = LanguageRuntime.tagged(image);
    return runtime.isPresent() ? runtime(runtime.get()) : box(line, image);
  }

  /** As {@link Plan.Boxes} has it. */
  List<Instruction> triggers(LogicalLine line, String image) throws IOException {
    var triggers = new ArrayList<Instruction>();
    if (!image.equals(SCRATCH) && LanguageRuntime.tagged(image).isEmpty()) {
      for (var text : box(line, image).config().onBuild()) {
        triggers.add(InstructionParser.trigger(line.with(text), warnings));
      }
    }
    return triggers;
  }

  private Base box(LogicalLine line, String name) throws IOException {
    Reference reference;
    try {
      reference = Reference.parse(name);
    } catch (IllegalArgumentException e) {
      throw line.error(e.getMessage());
    }
    var found = store.find(reference);
    if (found.isEmpty() && !reference.isRemote()) {
      throw line.error("no box and no runtime is named " + name + "; runtimes are " + runtimes());
    }
    var image = found.isPresent() ? found.get() : pull(line, reference);
    return new Base(image.config(), image.layers());
  }

  private Image pull(LogicalLine line, Reference reference) throws IOException {
    try {
      return Registry.of(reference, environment, progress::report).pull(store);
    } catch (IllegalArgumentException e) {
      throw line.error(e.getMessage());
    } catch (RegistryException e) {
      throw new BaseUnavailableException(line.warning(e.getMessage()), e);
    }
  }

  private static String runtimes() {
    return LanguageRuntime.all().stream()
        .map(LanguageRuntime::name)
        .collect(Collectors.joining(", "));
  }

  private Base runtime(LanguageRuntime runtime) throws IOException {
    var layers = new ArrayList<Layer>();
    var module = runtimes.module(runtime, progress);
    var digest = module.sha256();
    // In the place of a module that has its library inside, a slim box gets another.
    boolean remains = !slims || runtime.embeddedLibrary().filter(all -> all.isIn(digest)).isEmpty();
    layers.add(
        strips && remains
            ? layer(
                "stripped module " + digest,
                () -> store.putModule(Stripping.module(module.bytes()), Compression.ZSTD_DENSE))
            : layer("module " + digest, () -> store.putModule(module.bytes())));
    var files = runtimes.files(runtime);
    if (files.isPresent()) {
      layers.add(store.putLayer(null, files.get(), time, Compression.ZSTD));
    }
    var config =
        BoxConfig.builder()
            .created(time)
            .runtime(runtime.name())
            .command(List.of(runtime.command()))
            .step(new BoxConfig.Step(time, "runtime " + runtime.name(), "", false))
            .build();
    return new Base(config, layers);
  }

  /** Makes a layer. */
  private interface Maker {
    Layer make() throws IOException;
  }

  private Layer layer(String what, Maker maker) throws IOException {
    var key = Digest.of(what.getBytes(UTF_8));
    var known = store.steps().find(key);
    if (known.isPresent()) {
      return known.get();
    }
    var made = maker.make();
    store.steps().keep(key, made);
    return made;
  }
}
