package dev.vivarium.image.build;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.vivarium.Sandbox;
import dev.vivarium.engine.LinkException;
import dev.vivarium.image.exec.ExecException;
import dev.vivarium.image.oci.BoxConfig;
import dev.vivarium.image.oci.Compression;
import dev.vivarium.image.oci.Digest;
import dev.vivarium.image.oci.Layer;
import dev.vivarium.image.oci.Store;
import dev.vivarium.runtime.EmbeddedLibrary;
import dev.vivarium.runtime.LanguageRuntime;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the library out of a module that has it inside. What comes of that is the same for all
 * programs, and is kept by the cache of steps.
 */
final class LibraryExtraction {
  /** Where a library is copied to: what is in its own place, the guest does not see. */
  private static final String COPY = "/library";

  private final Build build;
  private final Store store;
  private final LanguageRuntime runtime;
  private final Layer whole;

  /**
   * The layers that take the place of the one.
   *
   * @param module without a library
   * @param library its files
   */
  record Parts(Layer module, Layer library) {}

  /**
   * An extraction.
   *
   * @param whole the module
   */
  LibraryExtraction(Build build, Store store, LanguageRuntime runtime, Layer whole) {
    this.build = build;
    this.store = store;
    this.runtime = runtime;
    this.whole = whole;
  }

  Parts run(EmbeddedLibrary library) throws IOException {
    var name = " of module " + whole.diffId().hex();
    var rest = key("rest" + name);
    var files = key("library" + name + " " + build.time());
    var knownRest = store.steps().find(rest);
    var knownFiles = store.steps().find(files);
    if (knownRest.isPresent() && knownFiles.isPresent()) {
      return new Parts(knownRest.get(), knownFiles.get());
    }
    build.listener().begun("slim", "the library of " + runtime.name());
    try {
      var parts =
          library instanceof EmbeddedLibrary.Archive archive
              ? unpacked(archive)
              : copied((EmbeddedLibrary.Tree) library);
      store.steps().keep(rest, parts.module());
      store.steps().keep(files, parts.library());
      build.listener().ended(false);
      return parts;
    } catch (ErrnoException | ExecException | LinkException e) {
      throw new IOException("the library cannot be taken out: " + e.getMessage(), e);
    }
  }

  private static Digest key(String text) {
    return Digest.of(text.getBytes(UTF_8));
  }

  private Parts unpacked(EmbeddedLibrary.Archive library) throws IOException, ErrnoException {
    var data = new ModuleData(Stripping.module(store.readModule(whole)));
    var archive = new ZipMembers(data.read(library.address(), library.size()));
    byte[] needed = archive.only(library.needed());
    var vfs = emptyTree();
    for (var name : archive.names()) {
      if (!name.endsWith("/")) {
        vfs.write(runtime.packageDirectory() + "/" + name, archive.read(name));
      }
    }
    return new Parts(
        putModule(data.replace(library.address(), library.size(), needed)),
        store.putLayer(null, vfs.snapshot(), build.time(), Compression.ZSTD));
  }

  /** By a run of the module, which alone sees its library. */
  private Parts copied(EmbeddedLibrary.Tree library)
      throws IOException, ErrnoException, ExecException {
    byte[] bare = build.runtimes().bareModule(runtime, library, build.progress()).bytes();
    byte[] name = EmbeddedLibrary.Tree.OTHER_NAME.getBytes(UTF_8);
    System.arraycopy(name, 0, bare, library.name(), name.length);
    var vfs = emptyTree();
    Sandbox.furnish(vfs);
    var furnished = vfs.snapshot();
    var config = BoxConfig.builder().runtime(runtime.name()).build();
    var program = new ProgramRun(build, store, config, List.of(whole)).images(build.images());
    var command = new ArrayList<>(library.copy());
    command.addAll(List.of(library.directory(), COPY));
    var outcome = program.run(command, furnished, program.account(vfs));
    if (outcome.status() != 0) {
      throw new IOException(
          "the library cannot be taken out: its copy has ended with status " + outcome.status());
    }
    var tree = outcome.filesystem();
    var directory = library.directory();
    tree.makeDirectories(directory.substring(0, directory.lastIndexOf('/')));
    tree.rename(
        tree.superuser(),
        tree.root(),
        COPY.getBytes(UTF_8),
        tree.root(),
        directory.getBytes(UTF_8));
    return new Parts(
        putModule(Stripping.module(bare)),
        store.putLayer(furnished, tree.snapshot(), build.time(), Compression.ZSTD));
  }

  private Layer putModule(byte[] wasm) throws IOException {
    return store.putModule(wasm, Compression.ZSTD_DENSE);
  }

  private Vfs emptyTree() {
    var clock = InstantSource.fixed(build.time());
    return Vfs.builder().quota(Quota.UNLIMITED).clock(clock).build();
  }
}
