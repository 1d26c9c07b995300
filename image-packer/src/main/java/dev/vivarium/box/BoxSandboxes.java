package dev.vivarium.box;

import dev.vivarium.Sandbox;
import dev.vivarium.engine.EngineBinding;
import dev.vivarium.engine.Progress;
import dev.vivarium.engine.chicory.ChicoryEngine;
import dev.vivarium.image.Accounts;
import dev.vivarium.image.exec.Executables;
import dev.vivarium.runtime.BootCache;
import dev.vivarium.runtime.Launch;
import dev.vivarium.vfs.Quota;
import dev.vivarium.vfs.Vfs;
import dev.vivarium.vfs.posix.ErrnoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes the sandboxes of a box. Whoever only opens one has nothing of an engine loaded. */
final class BoxSandboxes {
  private final Box box;
  private final BootCache images;

  /** The same for all runs, which so share what was loaded, and what the JVM has made of it. */
  private final EngineBinding engine;

  /**
   * @param cache where compiled modules and started interpreters are
   */
  BoxSandboxes(Box box, Path cache) {
    this.box = box;
    this.images = new BootCache(cache.resolve("boots"));
    this.engine = ChicoryEngine.withCache(cache.resolve("modules"));
  }

  /** See {@link Box#command}. */
  Sandbox.Builder builder(List<String> words) throws IOException {
    var directory = box.workingDirectory();
    var environment = box.config().environment();
    var executable =
        new Executables(box.files(), box.runtime(), box.module())
            .find(words, directory, environment);
    var launch = executable.launch(directory, environment, images);
    var module = executable.load(engine, directory, Progress.NONE);
    try {
      return furnished(Sandbox.builder(module), launch);
    } catch (ErrnoException e) {
      throw new IOException("the box's files: " + e.getMessage(), e);
    }
  }

  private Sandbox.Builder furnished(Sandbox.Builder builder, Launch launch) throws ErrnoException {
    var vfs = Vfs.builder().base(box.files()).quota(Quota.UNLIMITED).build();
    Sandbox.furnish(vfs);
    vfs.makeDirectories(box.workingDirectory());
    box.config().volumes().forEach(builder::volume);
    var user = box.config().user();
    if (!user.isEmpty()) {
      var account = Accounts.of(vfs).find(user);
      builder.user(account.credentials()).environment("HOME", account.home());
    }
    builder
        .start(launch.start())
        .arguments(launch.arguments())
        .filesystem(vfs.snapshot())
        .workingDirectory(box.workingDirectory());
    launch.environment().forEach(builder::environment);
    return builder;
  }
}
