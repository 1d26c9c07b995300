package dev.vivarium.box;

import dev.vivarium.Outcome;
import dev.vivarium.Sandbox;
import dev.vivarium.engine.WasmSource;
import dev.vivarium.image.HostReason;
import dev.vivarium.image.build.Build;
import dev.vivarium.image.exec.ExecException;
import dev.vivarium.image.exec.ImageModule;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Compression;
import dev.vivarium.image.oci.Image;
import dev.vivarium.image.oci.Reference;
import dev.vivarium.image.oci.Store;
import dev.vivarium.image.oci.Unpackable;
import dev.vivarium.runtime.CacheDirectory;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.vfs.Snapshot;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A box: a program, the files that it finds and how it is started, from the store of this machine.
 * Any number of sandboxes run it, each in a world of its own; they share what they only read.
 */
public final class Box implements Closeable {
  private final Store store;
  private final Image image;
  private final Snapshot files;
  // Made when it is needed: who only looks at a box needs none.
  private BoxSandboxes sandboxes;

  private Box(Store store, Image image) throws IOException {
    this.store = store;
    this.image = image;
    this.files = image.snapshot();
  }

  /** Where the boxes of this machine are, beside all else that is kept. */
  public static Path defaultStore(Map<String, String> environment) {
    return CacheDirectory.of(environment).resolve("boxes");
  }

  /**
   * Opens a box of this machine.
   *
   * @param name {@code NAME[:TAG]}, {@code NAME@DIGEST}, or a digest or its beginning
   * @throws IllegalArgumentException if no box can have such a name
   * @throws IOException if there is none, or it is damaged; the message is for people
   */
  public static Box open(String name) throws IOException {
    return open(defaultStore(System.getenv()), name);
  }

  /** As {@link #open(String)}, from a store in a directory. */
  public static Box open(Path directory, String name) throws IOException {
    var reference = Reference.parse(name);
    var store = Store.open(directory);
    try {
      return new Box(store, store.require(reference));
    } catch (IOException e) {
      store.close();
      throw HostReason.worded(e);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /**
   * Builds a box from a directory with a Dockerfile, as {@code vivarium build} does, and opens it.
   *
   * @param directory what the instructions copy from
   * @param name {@code NAME[:TAG]}, which it gets
   * @throws IllegalArgumentException if no box can have such a name; see {@link BoxName}
   * @throws IOException if it cannot be built; the message is for people
   */
  public static Box build(Path directory, String name) throws IOException {
    return build(Build.of(directory), defaultStore(System.getenv()), name);
  }

  /** As {@link #build(Path, String)}, with all that can be said, in a store in a directory. */
  public static Box build(Build build, Path store, String name) throws IOException {
    var reference = BoxName.of(name);
    var opened = Store.open(store);
    try {
      var image = build.run(opened);
      opened.tag(reference, image);
      // What others do with its name meanwhile does not matter.
      return new Box(opened, image);
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Makes another box of this one and what a run of it has changed, as one more layer.
   *
   * @param name {@code NAME[:TAG]}, which it gets
   * @param leftOut told what cannot be in a box, a line each: see {@link Unpackable}
   * @throws IllegalArgumentException if no box can have such a name
   */
  public Image commit(Outcome outcome, String name, Consumer<String> leftOut) throws IOException {
    var reference = BoxName.of(name);
    var layers = new ArrayList<>(image.layers());
    // Not against the box's files: what every guest finds besides is no change of this one's.
    var found = outcome.initial();
    var tree = Unpackable.without(found, outcome.filesystem().snapshot(), leftOut);
    layers.add(store.putLayer(found, tree, null, Compression.ZSTD));
    var step = new BoxConfig.Step(null, "run --commit", "", false);
    var committed = store.putImage(config().toBuilder().step(step).build(), layers);
    store.tag(reference, committed);
    return committed;
  }

  /** What it is made of. */
  public Image image() {
    return image;
  }

  /** What it says of itself. */
  public BoxConfig config() {
    return image.config();
  }

  /** Its files. */
  public Snapshot files() {
    return files;
  }

  /** The runtime whose module it has; empty if it is another program. */
  public Optional<LanguageRuntime> runtime() {
    return config().runtime().flatMap(LanguageRuntime::named);
  }

  /** Its module; empty if its program is one of its files. */
  public Optional<WasmSource> module() {
    return ImageModule.of(store, image.module(), runtime());
  }

  /**
   * A sandbox for one run, with the box's own environment, user and working directory, to be given
   * streams and limits.
   *
   * @param arguments what follows the entrypoint; none for the box's own command
   * @throws IllegalArgumentException if the box cannot be run like this; the message is for people
   * @throws ExecException if it has no such program, or none that can be run
   * @throws IOException if its module cannot be loaded
   */
  public Sandbox.Builder sandbox(String... arguments) throws IOException {
    var words = new ArrayList<>(config().entrypoint());
    words.addAll(arguments.length == 0 ? config().command() : List.of(arguments));
    return sandboxes().builder(words);
  }

  /**
   * As {@link #sandbox}, for another program than the box's own.
   *
   * @param words the whole command line, in the place of the entrypoint too
   * @throws IllegalArgumentException if the box cannot be run like this; the message is for people
   * @throws ExecException if it has no such program, or none that can be run
   * @throws IOException if its module cannot be loaded
   */
  public Sandbox.Builder command(String... words) throws IOException {
    return sandboxes().builder(List.of(words));
  }

  private synchronized BoxSandboxes sandboxes() {
    if (sandboxes == null) {
      sandboxes = new BoxSandboxes(this, CacheDirectory.of(System.getenv()));
    }
    return sandboxes;
  }

  /** Where its program starts. */
  public String workingDirectory() {
    var directory = config().workingDirectory();
    return directory.isEmpty() ? "/" : directory;
  }

  /** Gives the store back. Sandboxes that have been built go on. */
  @Override
  public void close() throws IOException {
    store.close();
  }
}
