package dev.vivarium.image.exec;

import dev.vivarium.engine.Checkpoint;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.image.oci.Layer;
import dev.vivarium.image.oci.Store;
import dev.vivarium.runtime.LanguageRuntime;
import java.io.IOException;
import java.util.Optional;

/** The module of a box, which is read and verified only when an engine has not seen it yet. */
public final class ImageModule implements WasmSource {
  private final Store store;
  private final Layer layer;
  private final Optional<LanguageRuntime> runtime;

  private ImageModule(Store store, Layer layer, Optional<LanguageRuntime> runtime) {
    this.store = store;
    this.layer = layer;
    this.runtime = runtime;
  }

  /**
   * The module of a box; nothing if it has none.
   *
   * @param layer that is a module
   * @param runtime what it is, if it is an interpreter that is known
   */
  public static Optional<WasmSource> of(
      Store store, Optional<Layer> layer, Optional<LanguageRuntime> runtime) {
    return layer.map(module -> new ImageModule(store, module, runtime));
  }

  @Override
  public String name() {
    return runtime.map(LanguageRuntime::name).orElse("the box's module");
  }

  @Override
  public String sha256() {
    return layer.diffId().hex();
  }

  @Override
  public byte[] bytes() throws IOException {
    return store.readModule(layer);
  }

  @Override
  public Optional<Checkpoint> checkpoint() {
    return runtime.flatMap(known -> known.checkpoint(sha256()));
  }
}
