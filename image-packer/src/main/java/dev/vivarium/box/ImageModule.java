package dev.vivarium.box;

import dev.vivarium.engine.Checkpoint;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.image.oci.Image;
import dev.vivarium.image.oci.Layer;
import dev.vivarium.runtime.LanguageRuntime;
import java.io.IOException;
import java.util.Optional;

/** The module of an image, which is read and verified only when an engine has not seen it yet. */
final class ImageModule implements WasmSource {
  private final Image image;
  private final Layer layer;
  private final Optional<LanguageRuntime> runtime;

  ImageModule(Image image, Layer layer, Optional<LanguageRuntime> runtime) {
    this.image = image;
    this.layer = layer;
    this.runtime = runtime;
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
    return image.readModule();
  }

  @Override
  public Optional<Checkpoint> checkpoint() {
    return runtime.flatMap(known -> known.checkpoint(sha256()));
  }
}
